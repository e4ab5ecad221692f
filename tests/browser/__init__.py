"""What the browser tests stand on: a Chromium, a server of our own, and a page that notes what goes wrong."""
