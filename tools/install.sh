#!/bin/sh
# Creates the Python environment .venv from requirements.lock; a second call with nothing changed returns at once.
#
#   tools/install.sh          PYTHON=/path/to/python chooses the interpreter, VENV=dir another place
#
# Whatever goes wrong ends in one sentence on standard error and exit code 2; the whole output of pip is in
# install.log inside the environment's folder (or beside it when the folder could not be made).
set -u

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
venv=${VENV:-$root/.venv}
lock=$root/requirements.lock
stamp=$venv/.attain-installed
log=$venv/install.log
supported="3.13 3.12 3.11"
pip_pid=

say() { printf '%s\n' "$*"; }
stop() {
    printf '\nattain cannot be installed: %s\n' "$*" >&2
    exit 2
}
interrupted() {
    [ -n "$pip_pid" ] && kill "$pip_pid" 2>/dev/null
    printf '\nInterrupted; the next call goes on from here.\n' >&2
    exit 130
}
trap interrupted INT TERM HUP

version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }
is_supported() { case " $supported " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }
can_make_environments() { "$1" -c 'import venv, ensurepip' >/dev/null 2>&1; }

# What was installed, from what and where: a moved folder or another lock asks for a new installation.
fingerprint() {
    printf '%s %s ' "$venv" "$(version_of "$venv/bin/python")"
    cat "$lock" "$root/pyproject.toml" | cksum
}

# Sets `python` to the first interpreter that fits; the reasons why others do not end up in the sentence.
choose_python() {
    found='' lacking=''
    if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; else set -- python3.13 python3.12 python3.11 python3 python; fi
    for candidate in "$@"; do
        version=$(version_of "$candidate") || continue
        [ -n "$version" ] || continue
        if ! is_supported "$version"; then
            found="$found $candidate is Python $version;"
        elif ! can_make_environments "$candidate"; then
            lacking="$candidate"
            lacking_version="$version"
        else
            python=$candidate
            return
        fi
    done
    [ -n "$lacking" ] && stop "$lacking (Python $lacking_version) lacks the modules venv and ensurepip;" \
        "install them (on Debian and Ubuntu: apt install python$lacking_version-venv) and try again."
    [ -n "$found" ] && stop "it needs Python 3.11, 3.12 or 3.13, but$found" \
        "install one of these and try again, or name it: make run PYTHON=/path/to/python3.13"
    if [ -n "${PYTHON:-}" ]; then
        stop "PYTHON=$PYTHON cannot be started; name a Python 3.11, 3.12 or 3.13."
    fi
    stop "no Python was found; install Python 3.11, 3.12 or 3.13 and try again."
}

# PYTHON names another version than the environment has.
another_python_is_asked_for() {
    [ -n "${PYTHON:-}" ] && [ "$(version_of "$PYTHON")" != "$(version_of "$venv/bin/python")" ]
}

environment_fits() {
    [ -x "$venv/bin/python" ] || return 1
    version=$(version_of "$venv/bin/python") || return 1
    is_supported "$version" || return 1
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || return 1
    # The installed scripts name their interpreter by its full path, so a moved folder needs a new environment.
    [ "$("$venv/bin/python" -c 'import sys; print(sys.prefix)')" = "$venv" ] || return 1
    if [ -f "$venv/bin/activate" ] && ! grep -qF "$venv" "$venv/bin/activate"; then return 1; fi
    ! another_python_is_asked_for
}

make_environment() {
    choose_python
    say "Creating $venv with $python (Python $(version_of "$python")) ..."
    early_log=$root/install.log
    "$python" -m venv --clear "$venv" >"$early_log" 2>&1 ||
        stop "the environment $venv could not be created ($(tail -n 1 "$early_log")); the details are in $early_log."
    rm -f "$early_log"
}

# One line that moves in a terminal, one line every 20 packages elsewhere. Only what pip has said is counted.
show_progress() {
    total=$(grep -c '^[A-Za-z0-9].*==' "$lock")
    last=0
    while kill -0 "$pip_pid" 2>/dev/null; do
        if grep -q '^Installing collected packages' "$log"; then
            done=$(find "$venv/lib" -maxdepth 3 -name '*.dist-info' 2>/dev/null | wc -l)
            what="unpacking"
        else
            done=$(grep -c -E '^(Collecting|Requirement already satisfied)' "$log")
            what="fetching"
        fi
        line="  $what: $((done)) of about $total packages"
        if [ -t 1 ]; then
            printf '\r%-60s' "$line"
        elif [ $((done - last)) -ge 20 ] || [ "$done" -lt "$last" ]; then
            say "$line"
            last=$done
        fi
        sleep 1
    done
    [ -t 1 ] && printf '\r%-60s\r' ''
}

# Turns what pip wrote into the sentence that helps.
reason() {
    broken=$(sed -n -E \
        -e 's/.*(Failed building wheel for|Failed to build) ([A-Za-z0-9_.-]+).*/\2/p' "$log" | head -n 1)
    [ -n "$broken" ] || broken=$(awk '/^Collecting /{name = $2} /(subprocess-exited-with-error|metadata-generation-failed)/{
        if (name != "") print name; exit}' "$log")
    broken=${broken%%==*}
    if grep -q 'No space left on device' "$log"; then
        say "the disk is full; about 2 GB are needed under $venv."
    elif grep -q 'DO NOT MATCH THE HASHES' "$log"; then
        say "a downloaded package differs from the one written down in requirements.lock; nothing of it was installed." \
            "Check where pip fetches packages from."
    elif grep -q -E 'Permission denied|Read-only file system' "$log"; then
        say "$venv or the temporary folder cannot be written to."
    elif [ -n "$broken" ]; then
        say "the package $broken has no ready-made build for this machine and could not be compiled here;" \
            "install a C and C++ compiler, or use another Python (3.11, 3.12, 3.13)."
    elif grep -q -E 'Retrying \(Retry|NewConnectionError|Temporary failure in name resolution|ReadTimeoutError|ConnectionError|ConnectTimeout|SSLError|ProxyError' "$log"; then
        say "packages could not be downloaded; check the network, the proxy settings or pip's index, and try again."
    elif grep -q 'No matching distribution found' "$log"; then
        say "$(grep -m 1 'No matching distribution found' "$log" | sed 's/^ERROR: *//; s/ (from.*//'): the package index" \
            "pip uses does not offer it for this machine."
    else
        say "pip ended with: $(grep -E '^(ERROR|error)' "$log" | tail -n 1 | cut -c 1-200)"
    fi
}

run_pip() {
    "$venv/bin/python" -m pip --disable-pip-version-check --no-input "$@" >>"$log" 2>&1 </dev/null &
    pip_pid=$!
    show_progress
    wait "$pip_pid"
    code=$?
    pip_pid=
    [ "$code" -eq 0 ] || stop "$(reason) The full output is in $log."
}

if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(fingerprint)" ] && ! another_python_is_asked_for; then
    exit 0
fi
environment_fits || make_environment

: >"$log" 2>/dev/null || stop "$venv cannot be written to."
say "Installing the packages of requirements.lock; the first time takes a few minutes."
# --no-deps: the lock is complete, and pip in hash mode refuses the extras some packages ask for.
run_pip install --no-deps --require-hashes --progress-bar off -r "$lock"
run_pip install --no-deps --no-build-isolation --progress-bar off -e "$root"
run_pip check
fingerprint >"$stamp"
say "Installed. Nothing after this step needs the network."
