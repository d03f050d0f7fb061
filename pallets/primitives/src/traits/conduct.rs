//! What follows from what members do.

use crate::{InstitutionId, Money, OffenceKind, Order};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::weights::Weight;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{DispatchError, DispatchResult};

/// The rewards and penalties of members. Law: the consequence of an offence is applied at once.
pub trait Conduct {
	/// Note what the chain has seen a member do. Called once for each offence.
	fn record_offence(member: InstitutionId, offence: OffenceKind);

	/// What noting an offence weighs at most, for whoever calls `record`.
	fn weight() -> Weight {
		Weight::zero()
	}
}

/// For a chain whose members are not judged.
impl Conduct for () {
	fn record_offence(_: InstitutionId, _: OffenceKind) {}
}

/// What follows from an offence, by the rules of the day.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	DecodeWithMemTracking,
	Default,
	Deserialize,
	Encode,
	Eq,
	MaxEncodedLen,
	PartialEq,
	Serialize,
	TypeInfo,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Penalty {
	/// Demerits, which decay.
	pub demerits: u32,
	/// A fine, in parts per million of the admission bond.
	pub fine: u32,
	/// No issuing, for so many eras.
	pub stop_issuing: u32,
	/// Suspension, for so many eras.
	pub suspension: u32,
}

/// The price list of offences, the same for every member.
pub trait Penalties {
	/// What follows from `offence`.
	fn of(offence: OffenceKind) -> Penalty;
}

/// What keeps a member from issuing beside its status.
pub trait Sanctions {
	/// Fails by name while the member may not make points: neither issue nor let others exchange into its
	/// programs.
	fn ensure_may_issue(id: InstitutionId) -> DispatchResult;
}

/// For a chain on which nobody is stopped.
impl Sanctions for () {
	fn ensure_may_issue(_: InstitutionId) -> DispatchResult {
		Ok(())
	}
}

impl<A: Sanctions, B: Sanctions> Sanctions for (A, B) {
	fn ensure_may_issue(id: InstitutionId) -> DispatchResult {
		A::ensure_may_issue(id)?;
		B::ensure_may_issue(id)
	}
}

/// How one institution ran its authority over an era.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq)]
pub struct ServiceReport {
	/// The institution.
	pub institution: InstitutionId,
	/// It wanted to all era, was in a set, and was never offline in it.
	pub whole: bool,
	/// It was offline at the end of a session.
	pub offline: bool,
}

/// What authorities did, by eras.
pub trait ServiceReports {
	/// Everybody that ran or wanted to run an authority since the last end of an era. Law: the count begins anew.
	fn take_reports() -> Vec<ServiceReport>;

	/// How an institution ran its authority since the last end of an era, so far.
	fn current_report(id: InstitutionId) -> ServiceReport;

	/// Take an authority out of all sets that are planned from now on, until its institution says otherwise.
	/// Fails by name if there would be too few without it.
	fn stop_authority(id: InstitutionId) -> DispatchResult;
}

/// What the alliance took of the receipts of merchants.
pub trait OnInterchangeCollected {
	/// Interchange of a receipt of `merchant` reached the pot.
	fn on_interchange_collected(merchant: InstitutionId, interchange: Money) -> DispatchResult;
}

/// For a chain that shares nothing.
impl OnInterchangeCollected for () {
	fn on_interchange_collected(_: InstitutionId, _: Money) -> DispatchResult {
		Ok(())
	}
}

/// Payments that can still be taken back.
pub trait Chargebacks<AccountId> {
	/// What of the price of an order is not refunded, in settlement micro-units; `None` if there is no receipt
	/// or its refund window has closed.
	fn refundable(merchant: InstitutionId, payer: &AccountId, order: Order) -> Option<Money>;

	/// Keep a receipt until it is released, although its window closes meanwhile. Fails by name if there is none.
	fn hold_for_dispute(merchant: InstitutionId, payer: &AccountId, order: Order) -> DispatchResult;

	/// Of how many burns a receipt is, which is what paying it back weighs by.
	fn burn_count(merchant: InstitutionId, payer: &AccountId, order: Order) -> u32;

	/// Let a receipt go. Law: nothing happens to one that was not kept.
	fn release_from_dispute(merchant: InstitutionId, payer: &AccountId, order: Order);

	/// Refund all that is left of the price, of a receipt that is open or kept, by a judgement against the merchant.
	/// Returns how much, in micro-units. Law: what the merchant has decides nothing: what it cannot pay it owes,
	/// and what cannot come back as points comes as money. Fails by name if there is no receipt.
	fn charge_back(merchant: InstitutionId, payer: &AccountId, order: Order) -> Result<Money, DispatchError>;
}

/// What may still come upon a member.
pub trait PendingClaims {
	/// Fails by name while something is open for which the member's bond stands.
	fn ensure_none(id: InstitutionId) -> DispatchResult;
}

/// For a chain that knows no cases.
impl PendingClaims for () {
	fn ensure_none(_: InstitutionId) -> DispatchResult {
		Ok(())
	}
}

impl<A: PendingClaims, B: PendingClaims> PendingClaims for (A, B) {
	fn ensure_none(id: InstitutionId) -> DispatchResult {
		A::ensure_none(id)?;
		B::ensure_none(id)
	}
}
