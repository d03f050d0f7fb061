# shellcheck shell=bash
# What build, found, gateway and test have in common. Sourced; starts nothing.

DOCKER=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# The user in all images.
HANSE_USER=10001
# What was founded, which git does not see.
ALLIANCE=$DOCKER/alliance
PREFIX=localhost/hanse

say() { printf '%s\n' "$*"; }
die() { printf '%s: %s\n' "$(basename "$0")" "$1" >&2; shift; if [ $# -gt 0 ]; then printf '%s\n' "$@" >&2; fi; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# The engine, or an advice.
ENGINE=${HANSE_ENGINE-}
for candidate in podman docker; do if [ -z "$ENGINE" ] && has "$candidate"; then ENGINE=$candidate; fi; done
if [ -z "$ENGINE" ]; then
	die "there is neither podman nor docker here" "On Debian: apt-get install podman netavark aardvark-dns runc; or name another engine by HANSE_ENGINE."
fi
has "$ENGINE" || die "HANSE_ENGINE names $ENGINE, which is not here"

# `compose ARGS…`: what starts all of it together.
compose() {
	if [ -n "${HANSE_COMPOSE-}" ]; then
		# shellcheck disable=SC2086 # one word or two
		$HANSE_COMPOSE -f "$DOCKER/compose.yaml" "$@"
	elif [ "$ENGINE" = docker ]; then
		docker compose -f "$DOCKER/compose.yaml" "$@"
	elif has podman-compose; then
		podman-compose -f "$DOCKER/compose.yaml" "$@"
	else
		die "there is no podman-compose: pip install podman-compose, or name another by HANSE_COMPOSE"
	fi
}
