//! The chain, for commands that ask it.

use super::Failure;
use crate::{config::Config, keys, model::Delegation};
use hanse_chain::{
	AccountId, Blocks, InstitutionId, Node, Submitted,
	hanse::proxy::calls::add_proxy::ProxyType,
	reads::Reads,
	sign::{CallData, sign},
};
use std::time::Duration;
use subxt::rpcs::rpc_params;

/// How long the node may take to answer at the start.
const PATIENCE: Duration = Duration::from_secs(60);

/// Connects, and says whether the chain is one for development, on which keys are not secret.
pub async fn connect(config: &Config) -> Result<(Node, bool), Failure> {
	let node = Node::connect(&config.node, PATIENCE).await?;
	let kind: serde_json::Value = node.request("system_chainType", rpc_params![]).await?;
	Ok((node, matches!(kind.as_str(), Some("Development" | "Local"))))
}

/// The account of an institution.
pub async fn account_of(reads: &Reads, institution: InstitutionId) -> Result<AccountId, Failure> {
	let found = reads.institution(institution).await?;
	found.map(|found| found.account.into()).ok_or_else(|| {
		Failure::Usage(format!(
			"the chain has no institution {institution}: `scripts/member status` lists them"
		))
	})
}

/// What the chain calls a delegation.
pub fn proxy_type(delegation: Delegation) -> ProxyType {
	match delegation {
		Delegation::Issue => ProxyType::Issue,
		Delegation::Cashier => ProxyType::Cashier,
		Delegation::Registrar => ProxyType::Registrar,
		Delegation::Treasury => ProxyType::Treasury,
		Delegation::Governance => ProxyType::Governance,
	}
}

/// Whether an account is a delegate of exactly this kind.
pub fn has(delegated: &[(AccountId, ProxyType)], account: AccountId, delegation: Delegation) -> bool {
	delegated.contains(&(account, proxy_type(delegation)))
}

/// Micro-units as settlement units.
pub fn units(micro: u128) -> String {
	format!("{}.{:06}", micro / 1_000_000, micro % 1_000_000)
}

/// Reads whole blocks by the same connection.
pub fn blocks(node: &Node) -> Blocks {
	Blocks::new(node.rpc().clone(), node.client().clone())
}

/// Signs a call with a key that everybody has, and sends it: on a development chain.
pub async fn submit(
	node: &Node,
	development: bool,
	real: AccountId,
	uri: &str,
	call: &CallData,
) -> Result<(), Failure> {
	if !development {
		return Err(Failure::Usage(
			"--sign-with is for development chains: elsewhere it is signed on another machine".into(),
		));
	}
	let key = keys::from_uri(uri)
		.ok_or_else(|| Failure::Usage(format!("{uri} is no seed phrase and no //NAME")))?;
	if keys::account(&key) != real {
		return Err(Failure::Usage(format!("{uri} is another key than that of {real}")));
	}
	let at = node.at_best().await?;
	let nonce = node.next_nonce(real).await?;
	let signed = sign(&at, call, &key, nonce, node.final_head())?;
	match node.submit(&signed.bytes).await? {
		Submitted::Taken => Ok(()),
		refused => Err(Failure::Failed(format!("the node refused what {uri} signed: {refused:?}"))),
	}
}

/// A call for somebody to sign elsewhere, and where.
pub fn print_call(node: &str, what: &str, call: &CallData) {
	let call = hex::encode(&call.0);
	println!("\n{what}:\n  0x{call}\n\nIn a browser that has the key:");
	println!("  https://polkadot.js.org/apps/?rpc={node}#/extrinsics/decode/0x{call}\n");
}
