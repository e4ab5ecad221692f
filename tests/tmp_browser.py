from pathlib import Path
import pytest
from tests.test_meeting_browser import *
from tests.test_meeting_browser import address, visit, pytestmark
@pytest.fixture(scope="module")
def published_twice():
    return Path("/tmp/meet/three")
