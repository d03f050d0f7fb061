//! `opening check`: whether a document is good, and how much of it is issued.

use super::{Failure, Settings, chain, config, document, say, sign::tell, signatures};
use crate::{
	model::Hash,
	opening::{Balance, Document, Holder, Party, Signed, order_of, read},
	store::now,
};
use clap::Args;
use hanse_chain::{
	AccountId, InstitutionId, Node,
	hanse::{
		proxy::calls::add_proxy::ProxyType,
		runtime_types::pallet_supervision::types::{Finding, Level, Scope},
	},
	reads::{Attestation, Reads},
};
use std::{
	collections::BTreeMap,
	path::{Path, PathBuf},
};

/// So many orders are asked for at once.
const AT_ONCE: usize = 500;

/// Say whether a document is good, who signed it, and how much of it the chain has
///
/// Needs a node and the two files, and no gateway: an auditor can run it. A document is good if its sum is that of its
/// lines, the institution (or its delegate for governance) and an auditor whom the members appointed signed it, and the
/// program is the institution's. With --csv it says where the shop's own file has something else, and ends with 3 then.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hanse-gateway opening check opening.json
  hanse-gateway opening check opening.json --csv balances.csv
  hanse-gateway opening --node wss://node.example check opening.json

`opening attest` puts the hash on the chain. It stands in each award too, whose order is the HMAC-SHA-256 with the hash as key of \"award:PROGRAM\", a zero byte and the line.")]
pub struct Check {
	/// The document
	file: PathBuf,
	/// The shop's CSV, to compare it with
	#[arg(long)]
	csv: Option<PathBuf>,
}

impl Check {
	pub async fn execute(self, settings: &Settings) -> Result<(), Failure> {
		let (node, _) = chain::connect(&config(settings)?).await?;
		let checked = checked(&node, &self.file).await?;
		let served = served(&checked.reads, &checked.document, checked.hash).await?;
		let count = served.iter().filter(|served| **served).count();
		say(format_args!("issued   {count} of {} lines", served.len()))?;
		match self.csv {
			Some(path) => compare(&checked.document, &path),
			None => Ok(()),
		}
	}
}

/// A document that is good, and the chain that says so.
pub struct Checked {
	pub document: Document,
	pub hash: Hash,
	pub reads: Reads,
	/// Whether its auditor may put the hash on the chain.
	pub auditor_attests: bool,
}

/// Reads a document, says what it says, and fails unless it is good.
pub async fn checked(node: &Node, path: &Path) -> Result<Checked, Failure> {
	let (document, hash) = document(path)?;
	tell(path, &document)?;
	say(format_args!("hash     {}", String::from(hash)))?;
	if document.chain.0 != node.genesis() {
		return Err(Failure::Failed("the document is for another chain: prepare it with this one".into()));
	}
	let reads = Reads::new(node.at_final().await?);
	let program = super::prepare::program(&reads, document.program).await?;
	if program.issuer != document.institution {
		return Err(Failure::Failed(format!("program {} is another institution's", document.program)));
	}
	let signatures = signatures(path, hash)?;
	let [shop, auditor] = [Party::Shop, Party::Auditor].map(|party| signatures.of(party));
	let (shop, auditor) = (shop.map_err(Failure::Failed)?, auditor.map_err(Failure::Failed)?);
	say(format_args!("shop     {}, {}", shop.account, shops(&reads, &document, shop).await?))?;
	let auditor_attests = attests(&reads, &document, auditor.account).await?;
	let role = match auditor_attests {
		true => "a supervisor that attests",
		false => auditors(&reads, auditor).await?,
	};
	say(format_args!("auditor  {}, {role}", auditor.account))?;
	match attestation(&reads, document.institution, hash).await? {
		Some(one) if one.finding == Finding::Deficient => {
			return Err(Failure::Failed(format!(
				"{} attests on the chain that the document does not say what is true",
				AccountId::from(one.by)
			)));
		},
		Some(one) => say(format_args!("attested {} on the chain", AccountId::from(one.by)))?,
		None => say("attested by nobody on the chain")?,
	}
	Ok(Checked { document, hash, reads, auditor_attests })
}

/// In which way whoever signed speaks for the shop.
async fn shops(reads: &Reads, document: &Document, signed: &Signed) -> Result<&'static str, Failure> {
	let real = chain::account_of(reads, document.institution).await?;
	if signed.account == real {
		return Ok("the institution");
	}
	match reads.proxies(real).await?.contains(&(signed.account, ProxyType::Governance)) {
		true => Ok("the institution's delegate for governance"),
		false => Err(Failure::Failed(format!(
			"{} signed as the shop, and is neither institution {} ({real}) nor its delegate for governance",
			signed.account, document.institution
		))),
	}
}

/// In which way whoever signed is an auditor, if it is no supervisor.
async fn auditors(reads: &Reads, signed: &Signed) -> Result<&'static str, Failure> {
	match reads.auditor().await? == Some(signed.account) {
		true => Ok("the alliance's auditor"),
		false => Err(Failure::Failed(format!(
			"{} signed as the auditor, and is neither the alliance's auditor nor a supervisor that attests",
			signed.account
		))),
	}
}

/// Whether an account is a supervisor that attests what a document is about.
async fn attests(reads: &Reads, document: &Document, account: AccountId) -> Result<bool, Failure> {
	Ok(reads.supervisors().await?.into_iter().any(|supervisor| {
		let in_scope = match supervisor.scope {
			Scope::All => true,
			Scope::Institution(id) => id == document.institution,
			// Who supervises one program attests nothing of its institution.
			Scope::Program(_) => false,
		};
		AccountId::from(supervisor.account) == account
			&& supervisor.level != Level::Observe
			&& supervisor.until > now().unsigned_abs()
			&& in_scope
	}))
}

/// The last finding on the chain about a document.
pub async fn attestation(
	reads: &Reads,
	of: InstitutionId,
	hash: Hash,
) -> Result<Option<Attestation>, Failure> {
	let found = reads.attestations(of).await?;
	Ok(found.into_iter().rev().find(|one| one.document.0 == hash.0))
}

/// For each line whether the chain remembers that it was issued.
pub async fn served(reads: &Reads, document: &Document, hash: Hash) -> Result<Vec<bool>, Failure> {
	let orders: Vec<[u8; 32]> =
		(1..=document.balances.len()).map(|line| order_of(hash, document.program, line).0).collect();
	let mut served = Vec::with_capacity(orders.len());
	for some in orders.chunks(AT_ONCE) {
		served.extend(reads.awarded(document.program, some).await?.into_iter().map(|found| found.is_some()));
	}
	Ok(served)
}

/// Says where the shop's own file has something else.
fn compare(document: &Document, path: &Path) -> Result<(), Failure> {
	let rows = read(&super::bytes(path)?).map_err(|faults| {
		let faults: Vec<String> = faults.iter().map(|fault| format!("{}: {fault}", path.display())).collect();
		Failure::Usage(faults.join("\n"))
	})?;
	let has_accounts = rows.iter().all(|row| matches!(row.holder, Holder::Account(_)));
	let of = |account: AccountId, customer: &Option<String>| match (has_accounts, customer) {
		(false, Some(customer)) => customer.clone(),
		_ => account.to_string(),
	};
	let mut books: BTreeMap<_, [u64; 2]> = BTreeMap::new();
	for Balance { account, customer, points, expires } in &document.balances {
		books.entry((of(*account, customer), *expires)).or_default()[0] += points;
	}
	for row in rows {
		let holder = match row.holder {
			Holder::Account(account) => of(account, &row.customer),
			Holder::Customer(customer) => customer,
		};
		books.entry((holder, row.expires)).or_default()[1] += row.points;
	}
	let differ: Vec<_> = books.into_iter().filter(|(_, [document, file])| document != file).collect();
	for ((holder, expires), [document, file]) in &differ {
		let expires = expires.map(|day| format!(" until {day}")).unwrap_or_default();
		say(format_args!("{holder}{expires}: the document has {document}, {} {file}", path.display()))?;
	}
	if differ.is_empty() {
		return say(format_args!("{} has the same", path.display()));
	}
	Err(Failure::Differs)
}
