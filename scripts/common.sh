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

# configure PRESET: quiet unless it fails. Ninja where it exists, otherwise CMake's own choice.
configure() {
  local preset=$1 log generator=()
  if [ ! -f "$root/build/$preset/CMakeCache.txt" ] && command -v ninja >/dev/null; then
    generator=(-G Ninja)
  fi
  mkdir -p "$root/build"
  log=$root/build/configure-$preset.log
  if ! (cd "$root" && cmake --preset "$preset" "${generator[@]}") >"$log" 2>&1; then
    cat "$log" >&2
    return 3
  fi
}

# build PRESET [TARGET...]: prints only what the build tool finds worth saying.
build() {
  local preset=$1 log
  shift
  log=$root/build/build-$preset.log
  echo "building ($preset; log: build/build-$preset.log)" >&2
  if ! cmake --build "$root/build/$preset" --parallel "$(parallel_jobs)" ${1:+--target "$@"} >"$log" 2>&1; then
    grep -E -A8 'error|FAILED' "$log" | head -n 60 >&2 || tail -n 60 "$log" >&2
    return 3
  fi
}
