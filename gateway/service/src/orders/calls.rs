//! Actions as calls of the chain, in the words of its types.

use super::batch::{Batch, Kind};
use crate::{
	model::{Action, Delegation, Hash, Leg, Order, Period, Terms},
	store::Operation,
};
use hanse_chain::{
	AccountId, AtBlock, InstitutionId,
	hanse::{self, runtime_types as types},
	sign::{self, CallData, CallError},
};
use subxt::utils::{AccountId32, H256};
use types::{bounded_collections::bounded_vec::BoundedVec, sp_runtime::MultiSignature};

/// Why an action will never be in a transaction.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unwritable {
	#[error(transparent)]
	Call(#[from] CallError),
	#[error(
		"the signature is no 0x and 128 hexadecimal digits. Send the one that the customer's wallet answered"
	)]
	Signature,
	#[error("no request for a disclosure has this number. Read those that are open")]
	NoRequest,
	#[error("it is signed by whom it is of, and sent as it is")]
	NotOurs,
}

/// Who acts, and for whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Actor {
	pub institution: InstitutionId,
	/// The institution's account.
	pub real: AccountId,
	pub delegation: Delegation,
}

impl Delegation {
	/// The variant of the chain's `ProxyType`.
	fn proxy_type(self) -> &'static str {
		match self {
			Self::Issue => "Issue",
			Self::Cashier => "Cashier",
			Self::Registrar => "Registrar",
			Self::Treasury => "Treasury",
			Self::Governance => "Governance",
		}
	}
}

impl Actor {
	/// One call that does all of `batch`.
	pub fn call(&self, at: &AtBlock, batch: &Batch) -> Result<CallData, Unwritable> {
		let by_delegate = |call| Ok(sign::by_delegate(at, self.real, self.delegation.proxy_type(), call)?);
		match batch.kind {
			Kind::Awards { program, era, .. } => by_delegate(awards(at, program, era, &batch.operations)?),
			Kind::Slips { .. } => by_delegate(slips(at, &batch.operations)?),
			Kind::Others { .. } => {
				let mut calls = Vec::with_capacity(batch.operations.len());
				for operation in &batch.operations {
					let call = self.one(at, &operation.action)?;
					let is_own = is_delegates_own(&operation.action);
					calls.push(if is_own { call } else { by_delegate(call)? });
				}
				match calls.len() {
					1 => calls.pop().ok_or(Unwritable::NotOurs),
					_ => Ok(sign::together(at, calls)?),
				}
			},
		}
	}

	/// Whether an action can be written at all.
	pub fn check(&self, at: &AtBlock, operation: &Operation) -> Result<(), Unwritable> {
		let one = std::slice::from_ref(operation);
		match &operation.action {
			Action::Award { program, order, .. } => awards(at, *program, order.era, one),
			Action::PresentSlip { .. } => slips(at, one),
			action => self.one(at, action),
		}
		.map(drop)
	}

	fn one(&self, at: &AtBlock, action: &Action) -> Result<CallData, Unwritable> {
		let tx = hanse::tx();
		let call = match action.clone() {
			Action::Register { account, commitment, tag, may_recover, until, signature } => {
				let (commitment, tag) = (h256(commitment), h256(tag));
				let signature = signature_of(&signature)?;
				let call =
					tx.customers().register(of(account), commitment, tag, may_recover, until, signature);
				sign::call_data(at, &call)
			},
			Action::Unregister { account } => sign::call_data(at, &tx.customers().unregister(of(account))),
			Action::OpenRecovery { old, new, vintages, until, signature } => {
				let signature = signature_of(&signature)?;
				let call =
					tx.customers().open_recovery(of(old), of(new), BoundedVec(vintages), until, signature);
				sign::call_data(at, &call)
			},
			Action::CompleteRecovery { old } => {
				sign::call_data(at, &tx.customers().complete_recovery(of(old)))
			},
			Action::WithdrawRecovery { old } => {
				sign::call_data(at, &tx.customers().withdraw_recovery(of(old)))
			},
			Action::CreateProgram { name, symbol, terms } => {
				let call =
					tx.points().create_program(name.into_bytes(), symbol.into_bytes(), of_terms(terms));
				sign::call_data(at, &call)
			},
			Action::ReviseTerms { program, terms } => {
				sign::call_data(at, &tx.points().revise_terms(program, of_terms(terms)))
			},
			Action::CancelAward { program, commitment, total } => {
				sign::call_data(at, &tx.points().cancel_award(program, h256(commitment), total.into()))
			},
			Action::Refund { payer, order, total } => {
				sign::call_data(at, &tx.exchange().refund(of(payer), of_order(order), total.into()))
			},
			Action::Capture { payer, order, value, last } => {
				sign::call_data(at, &tx.exchange().capture(of(payer), of_order(order), value.into(), last))
			},
			Action::Void { payer, order } => {
				sign::call_data(at, &tx.exchange().void(self.institution, of(payer), of_order(order)))
			},
			Action::TopUp { amount } => sign::call_data(at, &tx.clearing().top_up(amount.into())),
			Action::DrawDown { amount } => sign::call_data(at, &tx.clearing().draw_down(amount.into())),
			Action::RequestPayout { amount } => {
				sign::call_data(at, &tx.clearing().request_payout(amount.into()))
			},
			Action::GrantCreditLine { debtor, limit } => {
				sign::call_data(at, &tx.clearing().grant_credit_line(debtor, limit.into()))
			},
			Action::AcceptCreditLine { creditor, limit } => {
				sign::call_data(at, &tx.clearing().accept_credit_line(creditor, limit.into()))
			},
			Action::AnswerComplaints { up_to, document } => {
				sign::call_data(at, &tx.conduct().answer_complaints(up_to, h256(document)))
			},
			Action::Disclose { request, document } => {
				let request = u32::try_from(request).map_err(|_| Unwritable::NoRequest)?;
				sign::call_data(at, &tx.supervision().disclose(request, h256(document)))
			},
			Action::Vote { motion, index, approve } => {
				sign::call_data(at, &tx.alliance().vote(h256(motion), index, approve))
			},
			Action::Award { .. } | Action::PresentSlip { .. } | Action::Relay { .. } => {
				return Err(Unwritable::NotOurs);
			},
		};
		Ok(call?)
	}
}

/// Whether the delegate makes the call for itself: anybody may, and no delegation covers it.
pub(super) fn is_delegates_own(action: &Action) -> bool {
	matches!(action, Action::CompleteRecovery { .. })
}

fn awards(at: &AtBlock, program: u16, era: u32, operations: &[Operation]) -> Result<CallData, Unwritable> {
	let awards = operations.iter().filter_map(|operation| match &operation.action {
		Action::Award { order, to, points, .. } => Some(types::pallet_points::types::awards::Award {
			to: of(*to),
			amount: (*points).into(),
			order: h256(order.commitment),
		}),
		_ => None,
	});
	let call = hanse::tx().points().issue_batch(program, era, BoundedVec(awards.collect()));
	Ok(sign::call_data(at, &call)?)
}

fn slips(at: &AtBlock, operations: &[Operation]) -> Result<CallData, Unwritable> {
	let mut slips = Vec::with_capacity(operations.len());
	for operation in operations {
		let Action::PresentSlip { payer, order, price, legs, until, signature } = &operation.action else {
			continue;
		};
		slips.push(types::pallet_exchange::types::Slip {
			payer: of(*payer),
			order: of_order(*order),
			price: (*price).into(),
			legs: BoundedVec(legs.iter().copied().map(of_leg).collect()),
			until: *until,
			signature: signature_of(signature)?,
		});
	}
	let call = hanse::tx().exchange().present_slips(BoundedVec(slips));
	Ok(sign::call_data(at, &call)?)
}

fn of(account: AccountId) -> AccountId32 {
	account.into()
}

fn h256(Hash(bytes): Hash) -> H256 {
	H256(bytes)
}

fn of_order(Order { era, commitment }: Order) -> types::hanse_primitives::Order {
	types::hanse_primitives::Order { era, commitment: h256(commitment) }
}

fn of_leg(Leg { program, max_points }: Leg) -> types::pallet_exchange::types::Leg {
	types::pallet_exchange::types::Leg { program, max_points: max_points.into() }
}

fn of_terms(terms: Terms) -> types::pallet_points::types::Terms {
	use types::pallet_points::calendar::Period as Chain;
	let period = match terms.period {
		Period::Milliseconds(length) => Chain::Milliseconds(length),
		Period::Months(place) => Chain::Months(place),
		Period::Quarters(place) => Chain::Quarters(place),
		Period::Years(place) => Chain::Years(place),
	};
	types::pallet_points::types::Terms {
		face_value: terms.face_value,
		decimals: terms.decimals,
		period,
		validity: terms.validity,
		pending: terms.pending,
	}
}

/// A signature as wallets write it: 64 bytes of sr25519, or with the scheme in front.
fn signature_of(text: &str) -> Result<MultiSignature, Unwritable> {
	let bytes = hex::decode(text.strip_prefix("0x").unwrap_or(text)).map_err(|_| Unwritable::Signature)?;
	let of_64 = |bytes: &[u8]| <[u8; 64]>::try_from(bytes).map_err(|_| Unwritable::Signature);
	match (bytes.len(), bytes.first()) {
		(64, _) => Ok(MultiSignature::Sr25519(of_64(&bytes)?)),
		(65, Some(0)) => Ok(MultiSignature::Ed25519(of_64(&bytes[1..])?)),
		(65, Some(1)) => Ok(MultiSignature::Sr25519(of_64(&bytes[1..])?)),
		(66, Some(2)) => {
			let bytes = <[u8; 65]>::try_from(&bytes[1..]).map_err(|_| Unwritable::Signature)?;
			Ok(MultiSignature::Ecdsa(bytes))
		},
		_ => Err(Unwritable::Signature),
	}
}
