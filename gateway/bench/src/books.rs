//! Whether the chain's books are in order, by its own reads.

use crate::{Result, load::FACE_VALUE};
use hanse_chain::{AtBlock, Node, hanse};
use std::collections::BTreeMap;

/// Sums of the chain's books after a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Books {
	/// Smallest units of all programs: issued, redeemed, and what holders have.
	pub issued: u128,
	pub redeemed: u128,
	pub held: u128,
	/// Micro-units of settlement: all that there is, and what is held as reserves, bonds and deposits.
	pub money: u128,
	pub reserves: u128,
	/// What members ever came to owe one another, and interchange that is not collected yet.
	pub turnover: u128,
	pub accrued: u128,
}

/// Reads the books, and fails unless issued points are held or redeemed, program by program.
pub async fn read(node: &Node) -> Result<Books> {
	let at = node.at_final().await?;
	let supply = supplies(&at).await?;
	let mut books = Books { issued: 0, redeemed: 0, held: 0, money: 0, reserves: 0, turnover: 0, accrued: 0 };
	let mut flows = at.storage().iter(hanse::storage().points().flows_of(), ()).await?;
	while let Some(entry) = flows.next().await {
		let entry = entry?;
		let (program,) = entry.key()?.decode()?;
		let flows = entry.value().decode()?;
		let redeemed = flows.redeemed_at_home + flows.redeemed_at_partners;
		let held = supply.get(&program).copied().unwrap_or_default();
		let other =
			flows.exchanged_in + flows.reinstated - flows.exchanged_out - flows.expired - flows.cancelled;
		if flows.issued + other != held + redeemed {
			return Err(format!(
				"of program {program} {} points were issued, but {held} are held and {redeemed} redeemed",
				flows.issued
			)
			.into());
		}
		books.issued += flows.issued;
		books.redeemed += redeemed;
		books.held += held;
	}
	books.money = at.storage().fetch(hanse::storage().balances().total_issuance(), ()).await?.decode()?;
	money(&at, &mut books).await?;
	ensure_owed(&at, &supply).await?;
	Ok(books)
}

/// What is held of each program.
async fn supplies(at: &AtBlock) -> Result<BTreeMap<u16, u128>> {
	let mut supply = BTreeMap::new();
	let mut assets = at.storage().iter(hanse::storage().assets().asset(), ()).await?;
	while let Some(entry) = assets.next().await {
		let entry = entry?;
		let (asset,) = entry.key()?.decode()?;
		*supply.entry((asset >> 16) as u16).or_default() += entry.value().decode()?.supply;
	}
	Ok(supply)
}

async fn money(at: &AtBlock, books: &mut Books) -> Result<()> {
	let mut holds = at.storage().iter(hanse::storage().balances().holds(), ()).await?;
	while let Some(entry) = holds.next().await {
		books.reserves += entry?.value().decode()?.0.iter().map(|hold| hold.amount).sum::<u128>();
	}
	let mut turnover = at.storage().iter(hanse::storage().clearing().turnover(), ()).await?;
	while let Some(entry) = turnover.next().await {
		books.turnover += entry?.value().decode()?;
	}
	let mut encumbrances = at.storage().iter(hanse::storage().clearing().encumbrances(), ()).await?;
	while let Some(entry) = encumbrances.next().await {
		books.accrued += entry?.value().decode()?.accrued;
	}
	Ok(())
}

/// Each issuer owes what its points are worth that are held.
async fn ensure_owed(at: &AtBlock, supply: &BTreeMap<u16, u128>) -> Result<()> {
	let mut liabilities = at.storage().iter(hanse::storage().points().liability_of(), ()).await?;
	while let Some(entry) = liabilities.next().await {
		let entry = entry?;
		let (issuer,) = entry.key()?.decode()?;
		let owed = entry.value().decode()?.outstanding;
		// Member and program have the same number, as `hanse-population` makes them.
		let held = supply.get(&u16::try_from(issuer)?).copied().unwrap_or_default();
		if owed != held * FACE_VALUE {
			return Err(format!("member {issuer} owes {owed} micro-units for {held} points").into());
		}
	}
	Ok(())
}

/// Fails unless between `before` and `after` exactly so much was paid and issued, and no money came or went.
pub fn ensure_moved(before: &Books, after: &Books, paid: u128, issued: u128) -> Result<()> {
	let moved = [
		("points redeemed", after.redeemed - before.redeemed, paid / FACE_VALUE),
		("points issued", after.issued - before.issued, issued),
		(
			"micro-units owed to merchants and as interchange",
			after.turnover + after.accrued - before.turnover - before.accrued,
			paid,
		),
		("micro-units of money", after.money, before.money),
		("micro-units in reserve", after.reserves, before.reserves),
	];
	for (what, found, expected) in moved {
		if found != expected {
			return Err(format!("the books do not agree: {found} {what}, not {expected}").into());
		}
	}
	Ok(())
}
