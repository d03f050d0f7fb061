//! `opening attest`: the hash of a document on the chain, by a supervisor.

use super::{
	Failure, Settings, chain,
	check::{attestation, checked},
	config, say,
};
use crate::opening::Party;
use clap::Args;
use hanse_chain::{
	hanse::{self, runtime_types::pallet_supervision::types::Finding},
	reads::Reads,
	sign::call_data,
};
use std::{path::PathBuf, time::Duration};
use subxt::utils::H256;
use tokio::time::{Instant, sleep};

const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Put the hash of a document on the chain, as its auditor who is a supervisor
///
/// Checks the document first, which both must have signed. Then prints the call that the auditor's key signs on a machine of
/// its own (supervision.attest_finding), and waits until a final block has it.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hanse-gateway opening attest opening.json
  hanse-gateway opening attest opening.json --sign-with //Two          on a development chain")]
pub struct Attest {
	/// The document
	file: PathBuf,
	/// Sign with this key, on a development chain only
	#[arg(long, value_name = "URI")]
	sign_with: Option<String>,
	/// How many seconds to wait
	#[arg(long, default_value_t = 3_600)]
	patience: u64,
}

impl Attest {
	pub async fn execute(self, settings: &Settings) -> Result<(), Failure> {
		let config = config(settings)?;
		let (node, development) = chain::connect(&config).await?;
		let good = checked(&node, &self.file).await?;
		let institution = good.document.institution;
		if attestation(&good.reads, institution, good.hash).await?.is_some() {
			return Ok(());
		}
		if !good.auditor_attests {
			return Err(Failure::Failed(
				"the auditor is no supervisor that attests: the members appoint it by a vote, \
				 `scripts/member propose supervisor ACCOUNT attest UNTIL`"
					.into(),
			));
		}
		let auditor =
			super::signatures(&self.file, good.hash)?.of(Party::Auditor).map_err(Failure::Failed)?.account;
		let finding =
			hanse::tx().supervision().attest_finding(institution, Finding::InOrder, H256(good.hash.0));
		let call = call_data(&node.at_best().await?, &finding)?;
		match &self.sign_with {
			Some(uri) => chain::submit(&node, development, auditor, uri, &call).await?,
			None => chain::print_call(&config.node, &format!("The key of {auditor} signs"), &call),
		}
		let end = Instant::now() + Duration::from_secs(self.patience);
		while attestation(&Reads::new(node.at_final().await?), institution, good.hash).await?.is_none() {
			if Instant::now() > end {
				return Err(Failure::Failed(format!("not signed within {} s: run it again", self.patience)));
			}
			sleep(LOOK_EVERY).await;
		}
		say(format_args!("attested {auditor} on the chain"))
	}
}
