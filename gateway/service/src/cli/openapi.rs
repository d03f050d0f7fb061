//! `openapi`: what the API is, for programs that make clients from it.

use super::{Failure, say};
use clap::Args;

/// Print the API's description: OpenAPI 3.1 in JSON
///
/// The same is at /openapi.json of a running gateway, and at /docs to read.
#[derive(Args, Debug)]
#[command(
	after_help = "Examples:\n  hanse-gateway openapi > openapi.json\n  hanse-gateway openapi | npx openapi-typescript /dev/stdin -o gateway.d.ts"
)]
pub struct Openapi {}

impl Openapi {
	pub fn execute(self) -> Result<(), Failure> {
		say(serde_json::to_string_pretty(&crate::api::document())?)
	}
}
