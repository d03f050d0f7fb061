//! The types of webhooks, and the events of the chain that they come from.

/// Whom an event is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
	/// The institution in this field.
	Institution(&'static str),
	/// The issuer of the program in the field `program`.
	Program,
	/// The issuer of the vintage in the field `asset`.
	Vintage,
	Everybody,
}

/// A type of webhook that one event of the chain makes.
#[derive(Debug)]
pub struct Kind {
	pub pallet: &'static str,
	pub event: &'static str,
	/// As in the field `type`.
	pub name: &'static str,
	pub whose: For,
}

const fn kind(pallet: &'static str, event: &'static str, name: &'static str, whose: For) -> Kind {
	Kind { pallet, event, name, whose }
}

/// Types that events of the chain make, one each.
pub const KINDS: &[Kind] = &[
	kind("Points", "PointsIssued", "award.issued", For::Program),
	kind("Points", "BatchIssued", "award.batch_issued", For::Program),
	kind("Points", "AwardsSkipped", "award.skipped", For::Program),
	kind("Points", "PointsMatured", "award.matured", For::Vintage),
	kind("Points", "AwardCancelled", "award.cancelled", For::Program),
	kind("Exchange", "Paid", "payment.paid", For::Institution("merchant")),
	kind("Exchange", "PaymentAuthorised", "payment.authorised", For::Institution("merchant")),
	kind("Exchange", "PaymentCaptured", "payment.captured", For::Institution("merchant")),
	kind("Exchange", "AuthorisationVoided", "payment.voided", For::Institution("merchant")),
	kind("Exchange", "SlipRefused", "payment.refused", For::Institution("merchant")),
	kind("Exchange", "Refunded", "refund.made", For::Institution("merchant")),
	kind("Customers", "CustomerRegistered", "customer.registered", For::Institution("institution")),
	kind("Customers", "CustomerUnregistered", "customer.unregistered", For::Institution("institution")),
	kind("Customers", "RecoveryOpened", "recovery.opened", For::Institution("institution")),
	kind("Customers", "RecoveryCancelled", "recovery.cancelled", For::Institution("institution")),
	kind("Customers", "RecoveryEnded", "recovery.ended", For::Institution("institution")),
	kind("Conduct", "ComplaintFiled", "complaint.opened", For::Institution("merchant")),
	kind("Conduct", "ComplaintClosed", "complaint.closed", For::Institution("merchant")),
	kind("Supervision", "DisclosureRequested", "disclosure.requested", For::Institution("institution")),
	kind("Clearing", "CycleSettled", "cycle.settled", For::Everybody),
	kind("Clearing", "Overdue", "position.overdue", For::Institution("institution")),
	kind("Points", "ReserveFellShort", "reserve.low", For::Institution("institution")),
	kind("Alliance", "Proposed", "motion.opened", For::Everybody),
	kind("Authorities", "WentOffline", "authority.offline", For::Institution("institution")),
];

/// Points of a vintage expire soon.
pub const EXPIRING: &str = "points.expiring";
/// A key that sends for the institution, or its budget for customers' fees, has little left.
pub const BUDGET_LOW: &str = "budget.low";
/// What somebody asked the gateway to do did not happen.
pub const OPERATION_FAILED: &str = "operation.failed";

/// The type that this event makes, if any.
pub fn of(pallet: &str, event: &str) -> Option<&'static Kind> {
	KINDS.iter().find(|kind| kind.pallet == pallet && kind.event == event)
}

/// All types, in their order.
pub fn names() -> impl Iterator<Item = &'static str> {
	KINDS.iter().map(|kind| kind.name).chain([EXPIRING, BUDGET_LOW, OPERATION_FAILED])
}

/// Whether an endpoint can ask for it: a type, or a family as in `award.*`.
pub fn is_known(wanted: &str) -> bool {
	match wanted.strip_suffix(".*") {
		Some(family) => names().any(|name| name.split('.').next() == Some(family)),
		None => names().any(|name| name == wanted),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn an_endpoint_asks_for_types_and_families_that_there_are() {
		for known in ["award.*", "payment.paid", "operation.failed", "points.*"] {
			assert!(is_known(known), "{known}");
		}
		for unknown in ["*", "award", "award.", ".*", "award.i*", "sale.made"] {
			assert!(!is_known(unknown), "{unknown}");
		}
	}

	/// A name that the chain does not have would never be told, and nobody would notice.
	#[test]
	fn every_event_is_one_of_the_chain() {
		let metadata = include_bytes!("../../../../clients/sdk/metadata.scale");
		let metadata = subxt::Metadata::decode_from(metadata.as_slice()).unwrap();
		for kind in KINDS {
			let pallet = metadata.pallet_by_name(kind.pallet).unwrap_or_else(|| panic!("{kind:?}"));
			let events = pallet.event_variants().unwrap();
			let event = events.iter().find(|event| event.name == kind.event);
			let event = event.unwrap_or_else(|| panic!("{kind:?}"));
			let field = match kind.whose {
				For::Institution(field) => field,
				For::Program => "program",
				For::Vintage => "asset",
				For::Everybody => continue,
			};
			assert!(event.fields.iter().any(|known| known.name.as_deref() == Some(field)), "{kind:?}");
		}
	}
}
