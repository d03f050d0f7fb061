//! `hanse-gateway`: see `hanse-gateway --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
	// First of all: without a provider of cryptography no TLS connection can be made.
	if rustls::crypto::ring::default_provider().install_default().is_err() {
		eprintln!("hanse-gateway: another provider of TLS is there already");
		return ExitCode::FAILURE;
	}
	hanse_gateway::cli::main()
}
