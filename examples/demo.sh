#!/bin/sh
# What `make demo` runs: an example job becomes a bare repository on this disk.
set -eu

job=${1:-examples/go-backend.json}
export LOCAL_REPOSITORIES_DIR=${LOCAL_REPOSITORIES_DIR:-demo/repositories}

say() { printf '\n==> %s\n' "$*"; }

say provisionhub provision "$job" --provider local
repository=$(provisionhub provision "$job" --provider local)

say git --git-dir "$repository" ls-tree -r --name-only HEAD
git --git-dir "$repository" ls-tree -r --name-only HEAD

say git --git-dir "$repository" log
git --git-dir "$repository" --no-pager log --no-decorate

printf '\nThe repository is yours to clone:\n\n  git clone %s\n' "$repository"
