//! What came of each operation of a transaction: the innermost result counts.

use super::{calls::is_delegates_own, problem, settle::Known};
use crate::{
	model::{Action, Amount, Problem},
	store::Operation,
};
use hanse_chain::{
	AccountId, BlockEvent, BlockTransaction, FinalBlock, InstitutionId, ProgramId,
	errors::ChainError,
	hanse::{self, Event, runtime_types as types},
};
use serde_json::json;
use subxt::{Metadata, utils::H256};
use types::{pallet_points::types::awards::AwardPlace, sp_runtime::DispatchError};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
	/// It did what it should, and what there is to tell of it.
	Done(serde_json::Value),
	Refused(Problem),
	/// It changed nothing, and should be sent again, with no more than so many others.
	Again(Option<usize>),
	/// The block has it in a shape that cannot be read.
	Unknown,
}

type ChainOrder = types::hanse_primitives::Order;

/// Orders that a transaction asked for and that had been served before.
pub(super) fn skipped(block: &FinalBlock, index: u32) -> Vec<(ProgramId, Vec<H256>)> {
	block
		.events_of(index)
		.filter_map(|event| match &event.event {
			Some(Event::Points(hanse::points::Event::AwardsSkipped { program, skipped, .. })) => {
				Some((*program, skipped.iter().map(|one| one.order).collect()))
			},
			_ => None,
		})
		.collect()
}

/// Orders of slips that had been paid before.
pub(super) fn paid_before(block: &FinalBlock, index: u32) -> Vec<(InstitutionId, AccountId, ChainOrder)> {
	block
		.events_of(index)
		.filter_map(|event| match &event.event {
			Some(Event::Exchange(hanse::exchange::Event::SlipRefused { merchant, payer, order, .. })) => {
				Some((*merchant, AccountId(payer.0), order.clone()))
			},
			_ => None,
		})
		.collect()
}

/// For each operation of a transaction, in the order of their places.
pub(super) fn outcomes(
	operations: &[Operation],
	block: &FinalBlock,
	transaction: &BlockTransaction,
	known: &Known,
	metadata: Option<&Metadata>,
) -> Vec<Outcome> {
	let events: Vec<&BlockEvent> = block.events_of(transaction.index).collect();
	let of = Of { block, events: &events, known, metadata };
	if !transaction.succeeded {
		let outcome = match &transaction.error {
			Some(error) => Outcome::Refused(of.problem(error)),
			None => Outcome::Unknown,
		};
		return vec![outcome; operations.len()];
	}
	match operations.first().map(|operation| &operation.action) {
		Some(Action::Award { .. }) => of.awards(operations),
		Some(Action::PresentSlip { .. }) => of.slips(operations),
		Some(Action::Relay { .. }) => vec![Outcome::Done(of.done())],
		Some(action) if operations.len() == 1 => vec![of.one(action, &events)],
		Some(_) => of.items(operations),
		None => Vec::new(),
	}
}

/// A transaction of ours, as the block has it.
struct Of<'a> {
	block: &'a FinalBlock,
	events: &'a [&'a BlockEvent],
	known: &'a Known,
	metadata: Option<&'a Metadata>,
}

impl Of<'_> {
	fn problem(&self, error: &DispatchError) -> Problem {
		match self.metadata {
			Some(metadata) => problem::of_chain(&ChainError::of(error, metadata)),
			None => problem::unknown(),
		}
	}

	fn done(&self) -> serde_json::Value {
		json!({ "block": self.block.number, "block_hash": format!("0x{}", hex::encode(self.block.hash)) })
	}

	fn done_with(&self, more: serde_json::Value) -> serde_json::Value {
		let mut done = self.done();
		if let (Some(done), serde_json::Value::Object(more)) = (done.as_object_mut(), more) {
			done.extend(more);
		}
		done
	}

	/// What the call that the institution's delegate made came to.
	fn inner(events: &[&BlockEvent]) -> Option<Result<(), DispatchError>> {
		events.iter().rev().find_map(|event| match &event.event {
			Some(Event::Proxy(hanse::proxy::Event::ProxyExecuted { result })) => Some(result.clone()),
			_ => None,
		})
	}

	/// Of a call that was made, with its own events.
	fn one(&self, action: &Action, events: &[&BlockEvent]) -> Outcome {
		match Self::inner(events) {
			None if is_delegates_own(action) => Outcome::Done(self.done_with(made(events))),
			Some(Ok(())) => Outcome::Done(self.done_with(made(events))),
			Some(Err(error)) => Outcome::Refused(self.problem(&error)),
			None => Outcome::Unknown,
		}
	}

	/// Of calls that were made one after the other.
	fn items(&self, operations: &[Operation]) -> Vec<Outcome> {
		use hanse::utility::Event as Item;
		let count = operations.len();
		let mut outcomes = Vec::with_capacity(count);
		let mut first = 0;
		for (place, event) in self.events.iter().enumerate() {
			match &event.event {
				Some(Event::Utility(Item::ItemCompleted)) => {
					let events = &self.events[first..place];
					outcomes.push(match operations.get(outcomes.len()) {
						Some(operation) => self.one(&operation.action, events),
						None => Outcome::Unknown,
					});
					first = place + 1;
				},
				Some(Event::Utility(Item::ItemFailed { error })) => {
					outcomes.push(Outcome::Refused(self.problem(error)));
					first = place + 1;
				},
				_ => {},
			}
		}
		if outcomes.len() == count { outcomes } else { vec![Outcome::Unknown; count] }
	}

	fn awards(&self, operations: &[Operation]) -> Vec<Outcome> {
		let count = operations.len();
		match Self::inner(self.events) {
			Some(Ok(())) => {},
			Some(Err(error)) => return self.refused_awards(&error, count),
			None => return vec![Outcome::Unknown; count],
		}
		let mut issued = self.done();
		let mut skipped = Vec::new();
		for event in self.events {
			match &event.event {
				Some(Event::Points(hanse::points::Event::BatchIssued { asset, matures, .. })) => {
					issued = self.done_with(json!({ "vintage": asset, "matures": matures }));
				},
				Some(Event::Points(hanse::points::Event::AwardsSkipped { skipped: places, .. })) => {
					skipped.extend(places.iter().map(|one| usize::from(one.place)));
				},
				_ => {},
			}
		}
		let outcome = |(place, operation): (usize, &Operation)| match skipped.contains(&place) {
			true => self.served_before(operation),
			false => Outcome::Done(issued.clone()),
		};
		operations.iter().enumerate().map(outcome).collect()
	}

	/// None of a batch was issued: because of one of them, because of all together, or each for the same reason.
	fn refused_awards(&self, error: &DispatchError, count: usize) -> Vec<Outcome> {
		let problem = self.problem(error);
		let is = |names: &[&str]| names.iter().any(|name| problem.kind == format!("urn:hanse:points.{name}"));
		if let (true, DispatchError::Module(module)) = (is(&["BadAward"]), error) {
			// The place is encoded after the error's own number.
			let place = usize::from(u16::from_le_bytes([module.error[1], module.error[2]]));
			return (0..count)
				.map(
					|one| if one == place { Outcome::Refused(problem.clone()) } else { Outcome::Again(None) },
				)
				.collect();
		}
		let too_much = is(&["OverLiabilityCap", "BelowMinimumReserve", "OverDailyGrowth"]);
		if count > 1 && too_much {
			return vec![Outcome::Again(Some(count.div_ceil(2))); count];
		}
		vec![Outcome::Refused(problem); count]
	}

	/// It is what was asked for if the amount is the same. The chain keeps amounts while they are pending; of others the
	/// index knows those that went to the same account.
	fn served_before(&self, operation: &Operation) -> Outcome {
		let Action::Award { program, order, points, .. } = &operation.action else { return Outcome::Unknown };
		let Some(found) = self.known.awarded.get(&(*program, order.commitment)) else {
			return Outcome::Unknown;
		};
		let before = |amount: Option<Amount>| {
			self.done_with(
				json!({ "served_before": true, "vintage": found.asset, "era": found.era, "points": amount }),
			)
		};
		match &found.place {
			AwardPlace::Pending { amount, .. } if *amount != u128::from(*points) => {
				Outcome::Refused(problem::other_amount("points.AlreadyIssued", *points, *amount))
			},
			AwardPlace::Pending { .. } => Outcome::Done(before(Some(*points))),
			AwardPlace::Minted | AwardPlace::Cancelled => {
				match self.known.issued.get(&(*program, order.commitment)) {
					Some(found) if found != points => Outcome::Refused(problem::other_amount(
						"points.AlreadyIssued",
						*points,
						(*found).into(),
					)),
					found => Outcome::Done(before(found.copied())),
				}
			},
		}
	}

	fn slips(&self, operations: &[Operation]) -> Vec<Outcome> {
		let count = operations.len();
		match Self::inner(self.events) {
			Some(Ok(())) => {},
			Some(Err(error)) => return vec![Outcome::Refused(self.problem(&error)); count],
			None => return vec![Outcome::Unknown; count],
		}
		let mut outcomes = vec![Outcome::Done(self.done()); count];
		for event in self.events {
			let Some(Event::Exchange(hanse::exchange::Event::SlipRefused { place, reason, .. })) =
				&event.event
			else {
				continue;
			};
			let place = usize::try_from(*place).unwrap_or(usize::MAX);
			if let (Some(outcome), Some(operation)) = (outcomes.get_mut(place), operations.get(place)) {
				*outcome = self.refused_slip(operation, reason);
			}
		}
		outcomes
	}

	fn refused_slip(&self, operation: &Operation, reason: &DispatchError) -> Outcome {
		let problem = self.problem(reason);
		let Action::PresentSlip { payer, order, price, .. } = &operation.action else {
			return Outcome::Refused(problem);
		};
		let paid = self.known.paid.get(&(*payer, order.commitment));
		match paid.filter(|_| problem.kind == "urn:hanse:exchange.AlreadyPaid") {
			Some(paid) if *paid == u128::from(*price) => {
				Outcome::Done(self.done_with(json!({ "served_before": true, "price": price.to_string() })))
			},
			Some(paid) => Outcome::Refused(problem::other_amount("exchange.AlreadyPaid", *price, *paid)),
			None => Outcome::Refused(problem),
		}
	}
}

/// What a call made that the caller does not know yet.
fn made(events: &[&BlockEvent]) -> serde_json::Value {
	events
		.iter()
		.find_map(|event| match &event.event {
			Some(Event::Points(hanse::points::Event::ProgramCreated { program, .. })) => {
				Some(json!({ "program": program }))
			},
			Some(Event::Exchange(hanse::exchange::Event::Refunded { value, total, .. })) => {
				Some(json!({ "value": value.to_string(), "total": total.to_string() }))
			},
			Some(Event::Exchange(hanse::exchange::Event::PaymentCaptured { value, left, .. })) => {
				Some(json!({ "value": value.to_string(), "left": left.to_string() }))
			},
			Some(Event::Customers(hanse::customers::Event::RecoveryOpened { due, .. })) => {
				Some(json!({ "due": due }))
			},
			_ => None,
		})
		.unwrap_or_else(|| json!({}))
}

#[cfg(test)]
mod tests;
