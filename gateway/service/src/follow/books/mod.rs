//! The books: what events come to, kept so that it equals the chain's own to the unit.
//!
//! A block's events are read in their order into [`Changes`], which are written at its end. Of the events that touch
//! the books none is passed over: one of a shape that is not known stops the index.

mod changes;
mod clearing;
mod customers;
mod exchange;
mod issuing;
mod points;

pub use changes::Flow;

use super::{FollowError, number};
use crate::store::Transaction;
use changes::{Changes, Entry};
use hanse::Event;
use hanse_chain::{AccountId, AssetId, BlockEvent, FinalBlock, InstitutionId, ProgramId, hanse};
use std::collections::HashMap;

/// The pallets of whose events none may be missed.
const BOOKED: [&str; 6] = ["Assets", "Points", "Exchange", "Clearing", "Customers", "Sponsorship"];

/// The program that a vintage belongs to.
pub fn program_of(asset: AssetId) -> ProgramId {
	(asset >> 16) as ProgramId
}

pub(super) async fn record(tx: &mut Transaction, block: &FinalBlock) -> Result<(), FollowError> {
	let mut books = Books {
		tx,
		block,
		number: number(block.number)?,
		time: number(block.time)?,
		changes: Changes::default(),
		loose: Vec::new(),
		issuers: HashMap::new(),
		has_successors: None,
		is_expiring: false,
	};
	for event in &block.events {
		books.read(event).await?;
	}
	books.finish().await
}

/// Points that came into being or ceased to be, until an event says why.
#[derive(Clone, Copy, Debug)]
struct Loose {
	position: u32,
	extrinsic: Option<u32>,
	asset: AssetId,
	account: AccountId,
	/// Positive if they came into being.
	points: i128,
}

struct Books<'a> {
	tx: &'a mut Transaction,
	block: &'a FinalBlock,
	number: i64,
	time: i64,
	changes: Changes,
	loose: Vec<Loose>,
	issuers: HashMap<ProgramId, InstitutionId>,
	has_successors: Option<bool>,
	/// Whether a vintage expired just now, of which something may be carried on.
	is_expiring: bool,
}

impl Books<'_> {
	async fn read(&mut self, event: &BlockEvent) -> Result<(), FollowError> {
		if self.loose.iter().any(|loose| loose.extrinsic != event.extrinsic) {
			self.leave_loose();
		}
		self.is_expiring &= matches!(
			&event.event,
			Some(Event::Assets(_) | Event::Points(hanse::points::Event::PointsReinstated { .. }))
		);
		match &event.event {
			Some(Event::Assets(what)) => self.assets(event, what),
			Some(Event::Points(what)) => self.points(event, what).await,
			Some(Event::Exchange(what)) => self.exchange(event, what).await,
			Some(Event::Clearing(what)) => self.clearing(what).await,
			Some(Event::Customers(what)) => self.customers(event, what).await,
			Some(Event::Sponsorship(what)) => self.sponsorship(event, what),
			Some(_) => Ok(()),
			None if BOOKED.contains(&event.pallet.as_str()) => Err(self.contradiction(format!(
				"the event {}.{} of runtime {} is not as this gateway knows it; take one that was made for that runtime",
				event.pallet, event.name, self.block.spec_version
			))),
			None => Ok(()),
		}
	}

	async fn finish(mut self) -> Result<(), FollowError> {
		self.leave_loose();
		self.flush().await?;
		self.move_pending().await?;
		self.flush().await?;
		self.settle().await
	}

	/// What nothing explains is written down as it is.
	fn leave_loose(&mut self) {
		for Loose { position, asset, account, points, .. } in std::mem::take(&mut self.loose) {
			let kind = if points > 0 { "minted" } else { "burned" };
			self.changes.enter(Entry::new(account, position, kind).points(asset, points));
		}
	}

	/// Takes what is explained now.
	fn take_loose(&mut self, explained: impl Fn(&Loose) -> bool) -> Vec<Loose> {
		let (taken, left) = std::mem::take(&mut self.loose).into_iter().partition(|loose| explained(loose));
		self.loose = left;
		taken
	}

	async fn issuer(&mut self, program: ProgramId) -> Result<InstitutionId, FollowError> {
		if let Some(issuer) = self.issuers.get(&program) {
			return Ok(*issuer);
		}
		let found: Option<i64> = sqlx::query_scalar("SELECT institution FROM programs WHERE program = $1")
			.bind(i64::from(program))
			.fetch_optional(&mut **self.tx)
			.await?;
		let issuer = found.and_then(|issuer| InstitutionId::try_from(issuer).ok());
		let issuer =
			issuer.ok_or_else(|| self.contradiction(format!("program {program} was never created")))?;
		self.issuers.insert(program, issuer);
		Ok(issuer)
	}

	fn contradiction(&self, what: impl Into<String>) -> FollowError {
		FollowError::Contradiction { block: self.block.number, what: what.into() }
	}
}
