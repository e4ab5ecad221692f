# The two commands: `make demo` and `make test`. The README has the same steps for Windows.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8050

.PHONY: web-server demo test test-spark test-long lint bench docs clean lock run-environment test-environment browser

demo: run-environment
	@test -n "$$(find data/raw -name '*.xlsx' -print -quit)" || $(BIN)/python -m etl sample
	$(BIN)/python -m etl build
	$(BIN)/python -m dashboard --port $(PORT)

# A file's tests share a worker, so what they share (a browser, a build) is made once; tests/conftest.py says which file begins.
test: test-environment browser web-server
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# The engine for many machines: its extra, on top of the test tools, and its tests. Needs Java 17 or later; without the
# extra or Java, `make test` skips them and says so.
test-spark: test-environment $(VENV)/.spark
	@command -v java >/dev/null || test -n "$$JAVA_HOME" || { echo "Java is not here: install Java 17 or later." >&2; exit 1; }
	$(BIN)/python -m pytest tests/hnb/test_partitions.py

lint: test-environment
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: test-environment
	$(BIN)/python -m benchmarks

# The pages in docs/ that are written from the registries; a test fails where one is stale.
docs: run-environment
	$(BIN)/python -m docs

# One stamp a set of libraries: nothing is installed again until a lock file changes.
$(VENV)/.run: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m dashboard.vendor
	touch $@

$(VENV)/.test: requirements-test.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.txt
	$(BIN)/python -m dashboard.vendor
	touch $(VENV)/.run $@

$(VENV)/.spark: requirements-spark.txt | $(VENV)/.test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.txt
	touch $@

run-environment: $(VENV)/.run
test-environment: $(VENV)/.test

# A browser for the tests: the system's, else Debian's package when we may install it, else Playwright's own.
browser: test-environment
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; \
	else \
	  $(BIN)/python -m playwright install chromium; \
	fi

# nginx for the test of the deployment; its test is skipped without it. Where systemd runs, Debian's package would begin
# to serve at once, so there it is left to whoever looks after the machine.
web-server:
	@command -v nginx >/dev/null || test -x /usr/sbin/nginx || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && [ ! -d /run/systemd/system ]; then \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq nginx-light; } || true; \
	fi

# Rewrites the three lock files from their .in files; needs uv, which is no part of the program.
lock:
	uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" -o requirements.txt requirements.in
	uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" -o requirements-test.txt requirements-test.in
	uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" -o requirements-spark.txt requirements-spark.in

clean:
	rm -rf $(VENV) build data/processed/snapshots data/processed/reports data/processed/CURRENT data/partitions .pytest_cache .mypy_cache .ruff_cache .hypothesis dashboard/assets/vendor
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
