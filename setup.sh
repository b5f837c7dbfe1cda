#!/bin/sh
# Sets the critical incident tracker up for you. ./setup.sh --remove takes the timer, the shortcuts and .venv away, and
# leaves your data.
set -eu
cd "$(dirname "$0")"
venv=.venv/bin/python

if [ "${1:-}" = --remove ]; then
  if [ -x "$venv" ]; then
    "$venv" -m scripts.set_up --remove
    rm -rf .venv
  else
    echo "Nothing is set up here."
  fi
  exit
fi

if [ ! -x "$venv" ]; then
  python=
  for name in python3.13 python3.12 python3.11 python3; do
    if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
      python=$name
      break
    fi
  done
  if [ -z "$python" ]; then
    echo "Python 3.11, 3.12 or 3.13 is needed and was not found. Install it, and run this again." >&2
    exit 2
  fi
  "$python" -m venv .venv
fi

echo "Installing what the program needs; the first time this takes a few minutes ..."
"$venv" -m pip install --quiet --disable-pip-version-check --require-hashes --progress-bar on -r requirements.txt
exec "$venv" -m scripts.set_up "$@"
