"""What takes too long for every run: `make soak` sets `HABEAS_SOAK`, and tests with this mark run too."""

from __future__ import annotations

import os

import pytest

SOAK = pytest.mark.skipif(not os.environ.get("HABEAS_SOAK"), reason="takes long: make soak")
