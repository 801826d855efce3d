#!/usr/bin/env bash
# How soon the published program answers tools/list after it is started (median of 20), and what it holds at rest: with an appliance's
# settings (nothing is asked of it), where more than 33 MiB fails, and with the emulated appliance inside.
source "$(dirname "$0")/lib.sh"
node .ci/coldstart.mjs "with an appliance" 33 "$DTMCP"
node .ci/coldstart.mjs "with the emulated appliance" 0 "$DTMCP" --demo
