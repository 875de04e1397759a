#!/bin/sh
# Makes sure that the libraries of workbench/src/test/node are there, Grafana's own for the test of the dashboards and
# one that drives browsers for the test of the page, and prints the folder they are in. npm brings them once into
# .joblog/tools; nothing is installed on the machine. Prints nothing where that does not work: the tests then say
# what to install.
set -u
root=$(cd "$(dirname "$0")/.." && pwd -P)
wanted=$root/workbench/src/test/node
there=$root/.joblog/tools/node

if cmp -s "$wanted/package-lock.json" "$there/complete"; then
  echo "$there"
  exit 0
fi
command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || exit 0

echo "joblog: bringing libraries for the tests with npm, once (half a minute)" >&2
rm -rf "$there" && mkdir -p "$there" || exit 0
cp "$wanted/package.json" "$wanted/package-lock.json" "$there" || exit 0
(cd "$there" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund >npm.log 2>&1) || exit 0
cp "$wanted/package-lock.json" "$there/complete"
echo "$there"
