# shellcheck shell=bash
# Where a build keeps its files and which compilers it uses. Sourced by setup, run and test; writes nothing.

HANSE_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]:-$0}")/.." && pwd)
# What setup installs where there is no usable Rust, and the oldest that it accepts: the version this is tested with.
HANSE_RUST=1.95.0
# What Debian's compiler is called in rustup, where it stands in for a target that rustup cannot download.
HANSE_FALLBACK=hanse-debian

# Outside the checkout, so that a fresh clone finds its dependencies compiled.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/hanse/target}"
# The gateway is a workspace of its own.
export HANSE_GATEWAY_TARGET="$CARGO_TARGET_DIR-gateway"
# With which setup lets webhooks be verified, if it could.
if [ -x "$HANSE_GATEWAY_TARGET/python/bin/python3" ]; then export HANSE_PYTHON="$HANSE_GATEWAY_TARGET/python/bin/python3"; fi
# substrate-wasm-builder looks for Cargo.lock above the target directory, where it is not.
export WASM_BUILD_WORKSPACE_HINT="$HANSE_ROOT"
# One Wasm, whatever node it is built with: that which is tested is that which runs.
export WASM_BUILD_TYPE=production
export RUSTC_WORKSPACE_WRAPPER="$HANSE_ROOT/scripts/rustc-wrapper"

# `hanse_rustc TOOLCHAIN ARGS…`: rustc of a rustup toolchain, or the plain one if the name is empty; never downloads.
hanse_rustc() {
	local toolchain=$1
	shift
	if [ -n "$toolchain" ]; then
		RUSTUP_AUTO_INSTALL=0 rustup run "$toolchain" rustc "$@" 2>/dev/null
	else
		RUSTUP_AUTO_INSTALL=0 rustc "$@" 2>/dev/null
	fi
}

# `hanse_is_recent VERSION`: whether 1.96.0, say, is at least HANSE_RUST.
hanse_is_recent() {
	local major=${1%%.*} minor=${1#*.} least=${HANSE_RUST#*.}
	minor=${minor%%.*}
	case $major$minor in '' | *[!0-9]*) return 1 ;; esac
	[ "$major" -gt "${HANSE_RUST%%.*}" ] || { [ "$major" -eq "${HANSE_RUST%%.*}" ] && [ "$minor" -ge "${least%%.*}" ]; }
}

# `hanse_has_rust TOOLCHAIN`: whether it is there and recent enough.
hanse_has_rust() {
	local version
	version=$(hanse_rustc "$1" --version) && version=${version#rustc } && hanse_is_recent "${version%% *}"
}

# `hanse_has_wasm TOOLCHAIN`: whether it has a core library for the runtime's target.
hanse_has_wasm() {
	local libdir
	libdir=$(hanse_rustc "$1" --print target-libdir --target wasm32v1-none) && ls "$libdir"/libcore-*.rlib >/dev/null 2>&1
}

# Derives RUSTUP_TOOLCHAIN and WASM_BUILD_TOOLCHAIN from what is installed; both stay unset where plain cargo will do.
hanse_select_toolchains() {
	local cargo_bin="${CARGO_HOME:-$HOME/.cargo}/bin" toolchain
	case ":$PATH:" in
		*":$cargo_bin:"*) ;;
		*) if [ -x "$cargo_bin/cargo" ]; then export PATH="$cargo_bin:$PATH"; fi ;;
	esac
	if ! hanse_has_rust ""; then
		for toolchain in "$HANSE_RUST" "$HANSE_FALLBACK"; do
			if hanse_has_rust "$toolchain"; then export RUSTUP_TOOLCHAIN=$toolchain; break; fi
		done
	fi
	# A choice made here earlier is made again, in case the plain target has been installed since.
	case "${WASM_BUILD_TOOLCHAIN:-}" in "" | "$HANSE_FALLBACK") unset WASM_BUILD_TOOLCHAIN ;; *) return 0 ;; esac
	if ! hanse_has_wasm "" && hanse_has_wasm "$HANSE_FALLBACK"; then
		export WASM_BUILD_TOOLCHAIN=$HANSE_FALLBACK
	fi
}
hanse_select_toolchains

# The browser that is there for the pages, or nothing. `command -v` finds functions too, so this is called as no browser is.
hanse_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome || true; }

# The one build of everything, tests included: the same command everywhere, so that nothing is compiled twice.
hanse_build() {
	cargo build --release --workspace --all-targets --locked "$@"
}

# What operators run, in `$CARGO_TARGET_DIR/production`: optimised as one piece, which takes half an hour at first.
hanse_production() {
	cargo build --profile production --locked --package hanse-node "$@"
}

# The gateway, as the gate builds it, so that nothing compiles twice; with its pages, where there is what builds them
# and HANSE_WEB is not `no`: without them it says so at /.
hanse_gateway_build() {
	if [ "${HANSE_WEB:-yes}" = yes ] && [ -x "$HANSE_ROOT/node_modules/.bin/vite" ]; then (cd "$HANSE_ROOT" && npm run --silent web) || return 1; fi
	(cd "$HANSE_ROOT/gateway" && CARGO_TARGET_DIR=$HANSE_GATEWAY_TARGET cargo build --workspace --all-targets --locked "$@")
}
