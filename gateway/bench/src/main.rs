//! How many payments a second a chain of Hanse carries, beside what else carries payments.

mod books;
mod chain;
mod cli;
mod cpu;
mod follow;
mod growth;
mod judge;
mod keys;
mod load;
mod measure;
mod network;
mod postgres;
mod report;
mod send;
mod sr25519;
mod stats;
mod throughput;
mod wire;

use clap::Parser;
use std::process::ExitCode;

/// What ends a measurement: a sentence for who runs it.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
pub type Result<T> = std::result::Result<T, Failure>;

#[tokio::main]
async fn main() -> ExitCode {
	// Whoever ends this program ends its nodes and its database too: they go with what is dropped.
	let ended = tokio::select! {
		ended = cli::Cli::parse().run() => ended,
		signal = signal() => Err(signal),
	};
	match ended {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("hanse-bench: {error}");
			ExitCode::FAILURE
		},
	}
}

async fn signal() -> Failure {
	use tokio::signal::unix::{SignalKind, signal};
	match signal(SignalKind::terminate()) {
		Ok(mut terminate) => {
			tokio::select! {
				_ = terminate.recv() => {},
				_ = tokio::signal::ctrl_c() => {},
			}
			"it was told to end".into()
		},
		Err(error) => error.into(),
	}
}
