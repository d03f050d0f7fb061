//! What members do, and what follows from it.

use crate::{done, refuse, short, state};
use frame_support::{storage_alias, Blake2_128Concat};
use hanse_primitives::{
	Chargebacks, Conduct, InstitutionId, Money, OffenceKind, OnInterchangeCollected, Order, Penalties,
	Penalty, Sanctions, ServiceReport, ServiceReports,
};
use sp_runtime::{DispatchError, DispatchResult};
use std::collections::BTreeSet;

/// What is left of a price, whether its refund window is open, and whether it is kept.
pub type Bill = (Money, bool, bool);

state! {
	/// What was recorded of members.
	SeenOffences: Vec<(InstitutionId, OffenceKind)> = Vec::new();
	/// The price list; what is not in it costs nothing.
	Prices: Vec<(OffenceKind, Penalty)> = Vec::new();
	/// Institutions that may not issue.
	Sanctioned: BTreeSet<InstitutionId> = BTreeSet::new();
	/// Institutions with an open case.
	Accused: Vec<InstitutionId> = Vec::new();
	/// What was taken of the receipts of merchants.
	Taken: Vec<(InstitutionId, Money)> = Vec::new();
	/// What authorities did in this era.
	Served: Vec<ServiceReport> = Vec::new();
	/// Whose authority is stopped, how many may be, and whose cannot be at all.
	Stopped: Vec<InstitutionId> = Vec::new();
	Dispensable: u32 = 10;
	Unstoppable: Option<InstitutionId> = None;
}

/// Receipts by merchant, payer and order.
#[storage_alias]
pub type Bills = StorageMap<Billing, Blake2_128Concat, (InstitutionId, u64, Order), Bill>;
pub struct Billing;

impl Conduct for SeenOffences {
	short! {
		fn record_offence(member: InstitutionId, offence: OffenceKind) =
			SeenOffences::mutate(|all| all.push((member, offence)));
	}
}

impl Penalties for Prices {
	short! {
		fn of(offence: OffenceKind) -> Penalty =
			Prices::get().into_iter().find(|(of, _)| *of == offence).map(|(_, price)| price).unwrap_or_default();
	}
}

impl Sanctions for Sanctioned {
	short! {
		fn ensure_may_issue(id: InstitutionId) -> DispatchResult =
			refuse(Sanctioned::get().contains(&id), "IssuingHalted");
	}
}

impl hanse_primitives::PendingClaims for Accused {
	short! { fn ensure_none(id: InstitutionId) -> DispatchResult = refuse(Accused::get().contains(&id), "CaseOpen"); }
}

impl OnInterchangeCollected for Taken {
	short! {
		fn on_interchange_collected(merchant: InstitutionId, interchange: Money) -> DispatchResult =
			done(Taken::mutate(|all| all.push((merchant, interchange))));
	}
}

impl ServiceReports for Served {
	short! {
		fn take_reports() -> Vec<ServiceReport> = Served::take();
		fn current_report(id: InstitutionId) -> ServiceReport =
			Served::get()
				.into_iter()
				.find(|service| service.institution == id)
				.unwrap_or(ServiceReport { institution: id, whole: false, offline: false });
		fn stop_authority(id: InstitutionId) -> DispatchResult = {
			refuse(Unstoppable::get() == Some(id), "Unchanged")?;
			refuse(Stopped::get().len() >= Dispensable::get() as usize, "TooFewAuthorities")?;
			Stopped::mutate(|all| all.push(id));
			Ok(())
		};
	}
}

impl Chargebacks<u64> for Billing {
	short! {
		fn refundable(merchant: InstitutionId, payer: &u64, order: Order) -> Option<Money> =
			Bills::get((merchant, payer, order)).filter(|(_, open, _)| *open).map(|(left, ..)| left);
		fn hold_for_dispute(merchant: InstitutionId, payer: &u64, order: Order) -> DispatchResult = {
			let (left, open, _) = Bills::get((merchant, payer, order)).ok_or("NotFound")?;
			Bills::insert((merchant, payer, order), (left, open, true));
			Ok(())
		};
		fn release_from_dispute(merchant: InstitutionId, payer: &u64, order: Order) =
			Bills::mutate_extant((merchant, payer, order), |bill| bill.2 = false);
		fn charge_back(merchant: InstitutionId, payer: &u64, order: Order) -> Result<Money, DispatchError> = {
			let (left, open, kept) = Bills::get((merchant, payer, order)).ok_or("NotFound")?;
			assert!(open || kept, "a receipt was not kept");
			Bills::insert((merchant, payer, order), (0, open, kept));
			Ok(left)
		};
		fn burn_count(_: InstitutionId, _: &u64, _: Order) -> u32 = 1;
	}
}
