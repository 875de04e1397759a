#!/bin/sh
# Makes sure that promtool and prometheus are there for the tests of metrics and rules, and prints the folder they are in.
# If they are not on the PATH they are taken out of Debian's package into .joblog/tools; nothing is installed,
# no service is started, no root is needed. Prints nothing where that does not work: the tests then say
# what to install.
set -u
root=$(cd "$(dirname "$0")/.." && pwd -P)
tools=$root/.joblog/tools

if found=$(command -v promtool 2>/dev/null) && [ -x "$(dirname "$found")/prometheus" ]; then
  dirname "$found"
  exit 0
fi
if [ -x "$tools/promtool" ] && [ -x "$tools/prometheus" ]; then
  echo "$tools"
  exit 0
fi
command -v apt-get >/dev/null 2>&1 && command -v dpkg-deb >/dev/null 2>&1 || exit 0

echo "joblog: taking promtool and prometheus out of Debian's package prometheus, once" >&2
mkdir -p "$tools" || exit 0
work=$(mktemp -d "$tools/fetch.XXXXXX") || exit 0
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
fetch() { (cd "$work" && apt-get -q -o APT::Sandbox::User=root download prometheus >/dev/null 2>&1); }
if ! fetch && [ "$(id -u)" = 0 ]; then
  apt-get -q update >/dev/null 2>&1
  fetch
fi
for package in "$work"/prometheus_*.deb; do
  [ -f "$package" ] || exit 0
  dpkg-deb --fsys-tarfile "$package" | tar -C "$work" -xf - ./usr/bin/promtool ./usr/bin/prometheus || exit 0
  mv "$work/usr/bin/promtool" "$work/usr/bin/prometheus" "$tools" || exit 0
  echo "$tools"
done
