//! Puts the commit into the version that the node reports. A source tree without a repository builds
//! too: the commit is then eleven zeros, or what `SUBSTRATE_CLI_GIT_COMMIT_HASH` says.

use substrate_build_script_utils::{generate_cargo_keys, rerun_if_git_head_changed};

fn main() {
	generate_cargo_keys();
	rerun_if_git_head_changed();
}
