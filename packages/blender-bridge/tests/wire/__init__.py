"""Tests of the wire by plain Python: python3 -m unittest discover -s tests/wire -t tests, or -s tests/wire alone."""

import os
import sys

# Test modules import their neighbours, however they were found.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
