# shellcheck shell=bash
# What the scripts of this folder share. Sourced, never run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# The whole machine, but never so many compilers that 2 GiB each would not fit.
parallel_jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/MemTotal/ {print int($2 / 2097152)}' /proc/meminfo)
  [ "$memory" -ge 1 ] || memory=1
  echo $((cores < memory ? cores : memory))
}

# build_dir PRESET: where that preset is built. $ASSAY_BUILD_DIR names another directory.
build_dir() { echo "${ASSAY_BUILD_DIR:-$root/build/$1}"; }

# configure PRESET [ARGUMENT...]: quiet unless it fails. Ninja where it exists, otherwise CMake's own choice.
configure() {
  local preset=$1 directory log generator=()
  shift
  directory=$(build_dir "$preset")
  if [ ! -f "$directory/CMakeCache.txt" ] && command -v ninja >/dev/null; then
    generator=(-G Ninja)
  fi
  mkdir -p "$directory"
  log=$directory/configure.log
  if ! (cd "$root" && cmake --preset "$preset" -B "$directory" "${generator[@]}" "$@") >"$log" 2>&1; then
    cat "$log" >&2
    return 3
  fi
}

# start_ticking COMMAND...: runs it every 20 s until `stop_ticking`, so that what takes long is seen to go on.
start_ticking() {
  # sleep outlives the loop, and whoever reads what we say must not wait for it.
  (while sleep 20 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do "$@" || true; done) &
  ticker=$!
}
stop_ticking() {
  kill "$ticker"
  wait "$ticker" 2>/dev/null || true
}

how_far() { grep -oE '^\[ *[0-9]+(/[0-9]+|%)\]' "$1" | tail -n 1 >&2; }

# build PRESET [TARGET...]: the first errors if it fails, otherwise that it builds, and every 20 s how far it is.
build() {
  local preset=$1 directory log status=0
  shift
  directory=$(build_dir "$preset")
  log=$directory/build.log
  echo "building $preset (log: $log)" >&2
  start_ticking how_far "$log"
  cmake --build "$directory" --parallel "$(parallel_jobs)" ${1:+--target "$@"} >"$log" 2>&1 || status=$?
  stop_ticking
  if [ "$status" != 0 ]; then
    grep -E -A8 'error|FAILED' "$log" | head -n 60 >&2 || tail -n 60 "$log" >&2
    return 3
  fi
}
