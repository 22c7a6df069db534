# shellcheck shell=bash
# What ./start and ./test share: getting what is missing, building. To be sourced.
#
#   root          the checkout (set by the caller)
#   $root/.tools  what was fetched and built on the way; may be removed at any time

: "${root:?}"

tools=$root/.tools
setup_log=$tools/setup.log

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# quietly WHAT COMMAND...: runs the command with its output in the log; when it
# fails, says what was being done and shows the end of the log.
quietly() {
  local what=$1
  shift
  mkdir -p "$tools"
  if "$@" >"$setup_log" 2>&1 </dev/null; then
    return 0
  fi
  say "This did not work: $what. The last lines it printed:"
  tail -n 15 "$setup_log" | sed 's/^/    /' >&2
  return 1
}

# ------------------------------------------------------------------ packages

# is_there NEED: NEED is cmd:NAME (a program), pc:NAME (a library for C),
# py:NAME (a Python module) or file:PATTERN. Asking for the thing instead of the package leaves alone whoever
# has it from elsewhere.
is_there() {
  local name=${1#*:}
  case $1 in
  cmd:*) command -v "$name" >/dev/null ;;
  pc:*) pkg-config --exists "$name" 2>/dev/null ;;
  py:*) python3 -c "import $name" 2>/dev/null ;;
  file:*) compgen -G "$name" >/dev/null ;;
  esac
}

# need NEED=PACKAGE...: installs the packages of what is not there.
need() {
  local pair missing=()
  for pair in "$@"; do
    is_there "${pair%=*}" || missing+=("${pair##*=}")
  done
  [ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
}

apt_install() {
  local as_root=()
  if ! command -v apt-get >/dev/null; then
    say "These seem to be missing, and this system has no apt to install them: $*"
    return 0 # it may have them under other names: let the build try
  fi
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      say "These are missing: $*"
      say "Install them as root and come back:  apt-get update && apt-get install $*"
      return 1
    fi
    as_root=(sudo)
    say "Installing what is missing with sudo, which may ask for your password: $*"
    sudo -v || return 1
  else
    say "Installing what is missing: $*"
  fi
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get)
  local install=("${apt[@]}" install -y --no-install-recommends "$@")
  # A new system has no package lists; an old one may have lists of what is gone.
  if apt-cache show "$@" >/dev/null 2>&1 && "${install[@]}" >/dev/null 2>&1 </dev/null; then
    return 0
  fi
  quietly "fetching the package lists (apt-get update)" "${apt[@]}" update || return 1
  quietly "installing packages (apt-get install)" "${install[@]}"
}

# ------------------------------------------------------------------ C

need_c() {
  need cmd:cc=gcc file:/usr/include/stdlib.h=libc6-dev cmd:meson=meson cmd:ninja=ninja-build \
    cmd:pkg-config=pkg-config py:yaml=python3-yaml \
    pc:libcjson=libcjson-dev pc:libuv=libuv1-dev pc:libcurl=libcurl4-openssl-dev \
    pc:libmicrohttpd=libmicrohttpd-dev pc:sqlite3=libsqlite3-dev pc:libpq=libpq-dev \
    pc:libsodium=libsodium-dev pc:cairo=libcairo2-dev pc:libqrencode=libqrencode-dev \
    file:/etc/ssl/certs/ca-certificates.crt=ca-certificates
}

# meson_setup FOLDER OPTION...: makes the build folder once; ninja keeps it up to
# date. A folder whose making was cut short is made again.
meson_setup() {
  local folder=$1
  shift
  [ -f "$folder/build.ninja" ] && return 0
  rm -rf "$folder"
  quietly "preparing the build" meson setup "$folder" "$root" "$@"
}

# ------------------------------------------------------------------ Node

# Vite and ESLint want 20.19, 22.13 or 24 and newer; Debian 12 has 18.
node_is_good() {
  local version major minor
  version=$(node --version 2>/dev/null) || return 1
  version=${version#v}
  major=${version%%.*}
  minor=${version#*.}
  minor=${minor%%.*}
  [ "$major" -ge 24 ] || { [ "$major" -eq 22 ] && [ "$minor" -ge 13 ]; } ||
    { [ "$major" -eq 20 ] && [ "$minor" -ge 19 ]; }
}

# Puts a good Node first in PATH: the system's, or one from the npm registry, whose
# version and checksum stand in tools/node/package-lock.json.
need_node() {
  if ! node_is_good; then
    local folder
    for folder in "$tools"/node/node_modules/node-linux-*/bin; do
      [ -x "$folder/node" ] && PATH=$folder:$PATH
    done
  fi
  need cmd:npm=npm || return 1
  hash -r
  node_is_good && return 0
  say "Getting a newer Node.js to build the page with (the system has $(node --version 2>/dev/null || echo none))."
  mkdir -p "$tools/node"
  cp "$root"/tools/node/package*.json "$tools/node/"
  quietly "getting Node.js" npm_ci "$tools/node" --ignore-scripts || return 1
  for folder in "$tools"/node/node_modules/node-linux-*/bin; do
    PATH=$folder:$PATH
  done
  hash -r
  node_is_good || { say "No Node.js for this kind of computer ($(uname -m)) was found."; return 1; }
}

# npm_ci FOLDER OPTION...: installs exactly what the folder's lock file says.
npm_ci() {
  local folder=$1
  shift
  (cd "$folder" && npm ci --no-audit --no-fund --fetch-retries=1 "$@")
}

# need_modules FOLDER: npm ci, unless what is there is what the lock file says.
need_modules() {
  local installed=$1/node_modules/.package-lock.json
  [ -f "$installed" ] && [ ! "$1/package-lock.json" -nt "$installed" ] && return 0
  need_node || return 1
  quietly "getting the npm packages of ${1#"$root"/}" npm_ci "$1"
}

# ------------------------------------------------------------------ dashboard

# True when the built page is newer than all it is made of.
dashboard_is_built() {
  local stamp=$tools/dashboard-built
  [ -f "$root/dashboard/dist/index.html" ] && [ -f "$stamp" ] &&
    [ -z "$(find "$root/dashboard" "$root/api" \( -name node_modules -o -name dist \) -prune -o \
      -newer "$stamp" -type f -print -quit)" ]
}

build_dashboard() {
  dashboard_is_built && return 0
  need_node && need_modules "$root/dashboard" || return 1
  say "Building the page."
  mkdir -p "$tools"
  touch "$tools/dashboard-building" # a file that changes meanwhile is newer
  (cd "$root/dashboard" && quietly "building the page" npm run build) || return 1
  mv "$tools/dashboard-building" "$tools/dashboard-built"
}
