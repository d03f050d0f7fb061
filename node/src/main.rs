//! The Hanse node: one binary for authorities, members and observers.
//!
//! Where to change what: flags and their defaults in [`cli`], what each subcommand does in [`command`],
//! which chains there are in [`chain_spec`], who may found a live one in [`founders`], what is served to
//! clients in [`rpc`], what waits for a block in [`pool`], what a wrong clock does in [`clock`], what
//! `hanse doctor` asks in [`doctor`], what runs the runtime in [`executor`], what monitoring reads in [`metrics`], and
//! how the parts of a node are put together in [`service`].

mod chain_spec;
mod cli;
mod clock;
mod command;
mod doctor;
mod executor;
mod founders;
mod metrics;
mod pool;
mod proposer;
mod rpc;
mod service;
mod signatures;
#[cfg(test)]
mod world;

use std::process::ExitCode;

#[cfg(feature = "jemalloc")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
	match command::run() {
		Ok(code) => code,
		// Returned from `main`, the error would be printed in its `Debug` form.
		Err(error) => {
			eprintln!("Error: {error}");
			ExitCode::FAILURE
		},
	}
}
