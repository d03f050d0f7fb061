//! The chain's own books after a block, as lines that can be laid beside those of an index.

use crate::{
	AccountId, AssetId, BlockError, Blocks, EraIndex, InstitutionId, Moment, ProgramId, block::Runtime, hanse,
};
use hanse::runtime_types::pallet_points::types::books::{Flows, RollForward};
use std::{collections::BTreeMap, fmt::Display};
use subxt::storage::{Address, PrefixOf};

/// What an amount is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
	/// Smallest units of an open vintage that can be used.
	Supply(AssetId),
	/// Smallest units of an open vintage that are pending.
	Pending(AssetId),
	Held(AssetId, AccountId),
	PendingFor(AssetId, AccountId),
	/// Smallest units of a program to which this ever happened.
	Flow(ProgramId, &'static str),
	/// The same since a moment, at which the running period of the program began.
	FlowSince(ProgramId, Moment, &'static str),
	/// Smallest units of a program that were in circulation at that moment, and that are now.
	Opening(ProgramId, Moment),
	Closing(ProgramId),
	/// What an institution owes to the holders of its points, without what is authorised.
	Outstanding(InstitutionId),
	/// Positive if the first owes.
	Position(InstitutionId, InstitutionId),
	/// What the first ever came to owe the second, refunds of the other way included.
	Turnover(InstitutionId, InstitutionId),
	/// What was paid for an order, and what was refunded of it.
	Paid(InstitutionId, AccountId, [u8; 32]),
	Refunded(InstitutionId, AccountId, [u8; 32]),
	/// Fees that an institution paid for others on a day.
	Sponsored(InstitutionId, u32),
}

impl Display for Line {
	fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
		match self {
			Self::Supply(asset) => write!(f, "supply of vintage {asset}"),
			Self::Pending(asset) => write!(f, "pending of vintage {asset}"),
			Self::Held(asset, account) => write!(f, "vintage {asset} held by {account}"),
			Self::PendingFor(asset, account) => write!(f, "vintage {asset} pending for {account}"),
			Self::Flow(program, name) => write!(f, "{name} of program {program}"),
			Self::FlowSince(program, moment, name) => write!(f, "{name} of program {program} since {moment}"),
			Self::Opening(program, moment) => write!(f, "opening of program {program} at {moment}"),
			Self::Closing(program) => write!(f, "closing of program {program}"),
			Self::Outstanding(institution) => write!(f, "outstanding value of institution {institution}"),
			Self::Position(low, high) => write!(f, "position of institutions {low} and {high}"),
			Self::Turnover(debtor, creditor) => {
				write!(f, "what institution {debtor} ever owed institution {creditor}")
			},
			Self::Paid(merchant, payer, order) => {
				write!(f, "paid to institution {merchant} by {payer} for 0x{}", hex::encode(order))
			},
			Self::Refunded(merchant, payer, order) => {
				write!(f, "refunded by institution {merchant} to {payer} of 0x{}", hex::encode(order))
			},
			Self::Sponsored(sponsor, day) => write!(f, "sponsored by institution {sponsor} on day {day}"),
		}
	}
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
	/// Amounts by what they are of; where there is no line there is nothing.
	pub lines: BTreeMap<Line, i128>,
	/// The periods that run, by program, with the moment at which they began.
	pub periods: Vec<(ProgramId, Moment)>,
	/// The first era of which orders are taken.
	pub orders_from: EraIndex,
}

impl Blocks {
	/// All of the chain's books after a block of which the node has the state.
	pub async fn ledger(&self, number: u64, hash: [u8; 32], time: Moment) -> Result<Ledger, BlockError> {
		let at = self.at(number, hash).await?;
		let mut reader = Reader { at: &at, number, ledger: Ledger::default() };
		reader.read_points(time).await?;
		reader.read_clearing().await?;
		reader.read_payments().await?;
		Ok(reader.ledger)
	}
}

struct Reader<'a> {
	at: &'a Runtime,
	number: u64,
	ledger: Ledger,
}

impl Reader<'_> {
	async fn read_points(&mut self, time: Moment) -> Result<(), BlockError> {
		let storage = hanse::storage();
		let mut open = Vec::new();
		for ((program,), found) in self.all(storage.points().programs()).await? {
			open.extend(found.vintages.0.iter().map(|vintage| vintage.asset));
			self.read_roll_forward(program, time).await?;
		}
		for ((asset,), details) in self.all(storage.assets().asset()).await? {
			if open.contains(&asset) {
				self.add(Line::Supply(asset), details.supply);
			}
		}
		for ((asset, account), held) in self.all(storage.assets().account()).await? {
			if open.contains(&asset) {
				self.add(Line::Held(asset, AccountId(account.0)), held.balance);
			}
		}
		for ((asset,), pending) in self.all(storage.points().pending_total()).await? {
			self.add(Line::Pending(asset), pending);
		}
		for ((account, asset), pending) in self.all(storage.points().pending_of()).await? {
			if open.contains(&asset) {
				self.add(Line::PendingFor(asset, AccountId(account.0)), pending);
			}
		}
		for ((program,), flows) in self.all(storage.points().flows_of()).await? {
			for (name, amount) in by_name(&flows) {
				self.add(Line::Flow(program, name), amount);
			}
		}
		for ((institution,), liability) in self.all(storage.points().liability_of()).await? {
			let unspent = liability.outstanding.saturating_sub(liability.authorised);
			self.add(Line::Outstanding(institution), unspent);
		}
		Ok(())
	}

	async fn read_roll_forward(&mut self, program: ProgramId, time: Moment) -> Result<(), BlockError> {
		let call = hanse::runtime_apis().hanse_api().roll_forward(program, time);
		let found = self.at.runtime_apis().call(call).await.map_err(|error| self.unreadable(error))?;
		let Some(RollForward { from, opening, flows, closing, .. }) = found else { return Ok(()) };
		self.ledger.periods.push((program, from));
		self.add(Line::Opening(program, from), opening);
		self.add(Line::Closing(program), closing);
		for (name, amount) in by_name(&flows) {
			self.add(Line::FlowSince(program, from, name), amount);
		}
		Ok(())
	}

	async fn read_clearing(&mut self) -> Result<(), BlockError> {
		let storage = hanse::storage();
		for (((low, high),), position) in self.all(storage.clearing().positions()).await? {
			let owed = position.debts.0.iter().map(|debt| debt.value as i128).sum::<i128>();
			let owed = if position.low_owes { owed } else { -owed };
			self.ledger.lines.insert(Line::Position(low, high), owed);
		}
		for ((debtor, creditor), value) in self.all(storage.clearing().turnover()).await? {
			self.add(Line::Turnover(debtor, creditor), value);
		}
		// What the first got back of what it owed to the second, the second came to owe it.
		for ((debtor, creditor), value) in self.all(storage.clearing().refund_turnover()).await? {
			self.add(Line::Turnover(creditor, debtor), value);
		}
		Ok(())
	}

	async fn read_payments(&mut self) -> Result<(), BlockError> {
		let storage = hanse::storage();
		for ((key,), receipt) in self.all(storage.exchange().receipts()).await? {
			let (payer, order) = (AccountId(key.payer.0), key.commitment.0);
			self.add(Line::Paid(key.merchant, payer, order), receipt.price);
			self.add(Line::Refunded(key.merchant, payer, order), receipt.refunded);
		}
		let clock = self.at.storage().fetch(storage.rulebook().current_era_clock(), ()).await;
		let clock = clock.map_err(|error| self.unreadable(error))?.decode();
		self.ledger.orders_from = clock.map_err(|error| self.unreadable(error))?.orders_from;
		for ((sponsor,), spent) in self.all(storage.sponsorship().budgets()).await? {
			self.add(Line::Sponsored(sponsor, spent.day), spent.all);
		}
		Ok(())
	}

	fn add(&mut self, line: Line, amount: u128) {
		*self.ledger.lines.entry(line).or_default() += amount as i128;
	}

	/// All entries of a map.
	async fn all<A>(&self, address: A) -> Result<Vec<(A::KeyParts, A::Value)>, BlockError>
	where
		A: Address,
		(): PrefixOf<A::KeyParts>,
	{
		entries(self.at, address).await.map_err(|error| self.unreadable(error))
	}

	fn unreadable(&self, error: impl Display) -> BlockError {
		BlockError::Unreadable(self.number, error.to_string())
	}
}

/// All entries of a map after a block.
pub(crate) async fn entries<A>(at: &Runtime, address: A) -> Result<Vec<(A::KeyParts, A::Value)>, subxt::Error>
where
	A: Address,
	(): PrefixOf<A::KeyParts>,
{
	let mut found = at.storage().iter(address, ()).await?;
	let mut entries = Vec::new();
	while let Some(entry) = found.next().await {
		let entry = entry?;
		entries.push((entry.key()?.decode()?, entry.value().decode()?));
	}
	Ok(entries)
}

fn by_name(flows: &Flows) -> [(&'static str, u128); 8] {
	[
		("issued", flows.issued),
		("redeemed_at_home", flows.redeemed_at_home),
		("redeemed_at_partners", flows.redeemed_at_partners),
		("exchanged_in", flows.exchanged_in),
		("exchanged_out", flows.exchanged_out),
		("expired", flows.expired),
		("cancelled", flows.cancelled),
		("reinstated", flows.reinstated),
	]
}
