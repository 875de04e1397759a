#!/bin/sh
# Makes sure that Grafana's own library @grafana/data is there for the test of the dashboards, and prints
# the folder it is in. npm brings it once into .joblog/tools; nothing is installed on the machine. Prints nothing
# where that does not work: the test then says what to install.
set -u
root=$(cd "$(dirname "$0")/.." && pwd -P)
wanted=$root/workbench/src/test/node
there=$root/.joblog/tools/grafana-data

if cmp -s "$wanted/package-lock.json" "$there/complete"; then
  echo "$there"
  exit 0
fi
command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || exit 0

echo "joblog: bringing @grafana/data and its types with npm, once (half a minute)" >&2
rm -rf "$there" && mkdir -p "$there" || exit 0
cp "$wanted/package.json" "$wanted/package-lock.json" "$there" || exit 0
(cd "$there" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund >npm.log 2>&1) || exit 0
cp "$wanted/package-lock.json" "$there/complete"
echo "$there"
