"""Bundles the page script for charts, from standard input, with Vega, Vega-Lite and vega-embed."""

from __future__ import annotations

import sys

import altair
import vl_convert

release = "v" + ".".join(altair.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
sys.stdout.write(vl_convert.javascript_bundle(sys.stdin.read(), vl_version=release))
