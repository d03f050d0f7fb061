//! What institutions do before a gateway can act for them, and what the chain's books say afterwards.

use crate::PATIENCE;
use hanse_chain::{
	AccountId, InstitutionId, Node, ProgramId, Submitted,
	hanse::{
		self,
		runtime_types::{
			hanse_runtime::configs::delegation::ProxyType, pallet_points::calendar::Period,
			pallet_points::types::Terms,
		},
	},
	reads::{OrderId, Reads},
	sign,
};
use hanse_gateway::model::Delegation;
use std::{
	collections::BTreeMap,
	time::{Duration, Instant},
};
use subxt::utils::{AccountId32, MultiAddress};
use subxt_signer::sr25519::{Keypair, dev};
use tokio::time::sleep;

/// What a smallest unit of the programs is worth, in micro-units.
pub const FACE_VALUE: u32 = 1_000;
/// What a delegate gets to pay fees with, in micro-units.
const FEES: u128 = 10_000_000_000;
/// What an account has at least, in micro-units, and does not spend for fees.
const LEAST: u128 = 10_000;

pub fn key(uri: &str) -> Keypair {
	Keypair::from_uri(&uri.parse().unwrap()).unwrap()
}

pub fn account(of: &Keypair) -> AccountId {
	AccountId(of.public_key().0)
}

/// Four have the well-known keys, the others keys of their own.
pub fn institution_key(institution: InstitutionId) -> Keypair {
	match institution {
		1 => dev::alice(),
		2 => dev::bob(),
		3 => dev::charlie(),
		4 => dev::dave(),
		other => key(&format!("//Member//{other}")),
	}
}

/// As the gateway's configuration names it.
pub fn delegate_uri(institution: InstitutionId, of: Delegation) -> String {
	format!("//Delegate//{institution}//{}", of.name())
}

pub fn delegate(institution: InstitutionId, of: Delegation) -> AccountId {
	account(&key(&delegate_uri(institution, of)))
}

/// Signed by an institution, one after the other from the first.
pub struct Signing<'a> {
	node: &'a Node,
	key: Keypair,
	nonce: u64,
}

impl<'a> Signing<'a> {
	pub async fn of(node: &'a Node, institution: InstitutionId) -> Self {
		let key = institution_key(institution);
		let nonce = node.next_nonce(account(&key)).await.unwrap();
		Self { node, key, nonce }
	}

	/// Sends a call, and answers what it costs.
	pub async fn send<C: subxt::tx::Payload>(&mut self, call: &C) -> u128 {
		let at = self.node.at_best().await.unwrap();
		let call = sign::call_data(&at, call).unwrap();
		let signed = sign::sign(&at, &call, &self.key, self.nonce, self.node.final_head()).unwrap();
		let fee = self.node.fee(&signed.bytes).await.unwrap();
		assert_eq!(self.node.submit(&signed.bytes).await.unwrap(), Submitted::Taken);
		self.nonce += 1;
		fee
	}

	pub async fn pay(&mut self, to: AccountId, amount: u128) {
		self.send(&hanse::tx().balances().transfer_keep_alive(address(to), amount)).await;
	}
}

fn address(account: AccountId) -> MultiAddress<AccountId32, ()> {
	MultiAddress::Id(AccountId32(account.0))
}

/// Gives each institution a program and delegates. Answers their programs once all of it is final. `poor` gets what
/// pays for a few transactions, and not for a hundred.
pub async fn found(
	node: &Node,
	institutions: impl Iterator<Item = InstitutionId> + Clone,
	delegations: &[Delegation],
	poor: Option<InstitutionId>,
) -> BTreeMap<InstitutionId, ProgramId> {
	for institution in institutions.clone() {
		let mut signing = Signing::of(node, institution).await;
		let terms = Terms {
			face_value: FACE_VALUE,
			decimals: 0,
			period: Period::Milliseconds(30 * 86_400_000),
			validity: 60 * 86_400_000,
			pending: 0,
		};
		let symbol = format!("SHOP{institution}").into_bytes();
		let name = format!("Points {institution}").into_bytes();
		let fee = signing.send(&hanse::tx().points().create_program(name, symbol, terms)).await;
		for of in delegations {
			let delegate = delegate(institution, *of);
			let fees = if poor == Some(institution) { LEAST + fee * 10 } else { FEES };
			signing.pay(delegate, fees).await;
			let kind = match of {
				Delegation::Issue => ProxyType::Issue,
				Delegation::Cashier => ProxyType::Cashier,
				Delegation::Registrar => ProxyType::Registrar,
				other => panic!("{other:?} is not needed here"),
			};
			signing.send(&hanse::tx().proxy().add_proxy(address(delegate), kind, 0)).await;
		}
	}
	let count = institutions.clone().count();
	let began = Instant::now();
	loop {
		assert!(began.elapsed() < PATIENCE, "what institutions need is not on the chain");
		let programs = programs(node).await;
		let last = institutions.clone().last().and_then(|one| Some(delegate(one, *delegations.last()?)));
		if programs.len() == count && node.balance(last.unwrap()).await.unwrap() > 0 {
			// The delegation itself is in the same block at the latest, or in the next.
			sleep(Duration::from_secs(3)).await;
			return programs;
		}
		sleep(Duration::from_millis(200)).await;
	}
}

async fn programs(node: &Node) -> BTreeMap<InstitutionId, ProgramId> {
	let reads = Reads::new(node.at_final().await.unwrap());
	let mut programs = BTreeMap::new();
	let mut from = Some(1);
	while let Some(first) = from {
		let page = reads.programs(first).await.unwrap();
		programs.extend(page.programs.iter().map(|program| (program.issuer, program.program)));
		from = page.next;
	}
	programs
}

/// What flowed of a program, by the chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flows {
	pub issued: u128,
	pub redeemed: u128,
	pub reinstated: u128,
}

pub async fn flows(node: &Node, program: ProgramId) -> Flows {
	let at = node.at_final().await.unwrap();
	let entry = at.storage().entry(hanse::storage().points().flows_of()).unwrap();
	let flows = entry.fetch((program,)).await.unwrap().decode().unwrap();
	Flows { issued: flows.issued, redeemed: flows.redeemed_at_home, reinstated: flows.reinstated }
}

/// What an order was paid with and refunded of, by the chain.
pub async fn receipt(
	node: &Node,
	merchant: InstitutionId,
	payer: AccountId,
	order: OrderId,
) -> Option<(u128, u128)> {
	let reads = Reads::new(node.at_final().await.unwrap());
	let receipt = reads.receipt(merchant, payer, order).await.unwrap()?;
	Some((receipt.price, receipt.refunded))
}
