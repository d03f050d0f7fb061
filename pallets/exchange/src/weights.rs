//! What calls and hooks weigh. A runtime measures it with its own neighbours: runtime/src/benchmarks.

use frame_support::weights::Weight;
use hanse_primitives::MAX_OPEN_VINTAGES;

/// One weight for each call and each piece of a hook.
pub trait WeightInfo {
	/// A payment from `l` programs that burns points of one vintage of each.
	fn pay_legs(l: u32) -> Weight;
	/// A payment from as many programs as there can be that burns points of `b` vintages more than one of each.
	fn pay_burns(b: u32) -> Weight;
	/// As [`WeightInfo::pay_legs`], after it was found out who pays the fee.
	fn pay_offered(l: u32) -> Weight;
	/// An exchange that burns points of `b` vintages.
	fn exchange(b: u32) -> Weight;
	/// A refund of a receipt with points of `b` vintages.
	fn refund(b: u32) -> Weight;
	/// As [`WeightInfo::pay_legs`], of an authorisation without its end.
	fn authorize_legs(l: u32) -> Weight;
	/// As [`WeightInfo::pay_burns`], of an authorisation without its end.
	fn authorize_burns(b: u32) -> Weight;
	/// A capture of an authorisation with points of `b` vintages.
	fn capture(b: u32) -> Weight;
	/// The end of an authorisation with points of `b` vintages.
	fn void(b: u32) -> Weight;
	/// Presenting `s` slips: checking each, and saying that it was refused, without its payment.
	fn present_slips(s: u32) -> Weight;
	/// Reading the oldest receipt.
	fn check_receipt() -> Weight;
	/// Collecting the interchange of a receipt with points of `b` vintages, and forgetting it.
	fn drop_receipt(b: u32) -> Weight;
	/// Setting a receipt aside that is kept.
	fn unlist_receipt() -> Weight;
	/// Finding out who pays the fee of a payment from `legs` programs. What it reads, the payment would read.
	fn offer(legs: u32) -> Weight {
		Self::pay_offered(legs).saturating_sub(Self::pay_legs(legs))
	}
	/// A payment from `legs` programs that burns points of `burns` vintages.
	fn pay(legs: u32, burns: u32) -> Weight {
		let more = Self::pay_burns(burns.saturating_sub(legs)).saturating_sub(Self::pay_burns(0));
		Self::pay_legs(legs).saturating_add(more)
	}
	/// A payment from `legs` programs, of each of which all open vintages are burned.
	fn pay_at_most(legs: u32) -> Weight {
		Self::pay(legs, legs.saturating_mul(MAX_OPEN_VINTAGES))
	}
	/// An authorisation of `legs` programs that burns points of `burns` vintages, with its end, which nobody else pays
	/// for.
	fn authorize(legs: u32, burns: u32) -> Weight {
		let more = Self::authorize_burns(burns.saturating_sub(legs)).saturating_sub(Self::authorize_burns(0));
		Self::authorize_legs(legs).saturating_add(more).saturating_add(Self::void(burns))
	}
	/// An authorisation of `legs` programs, of each of which all open vintages are burned.
	fn authorize_at_most(legs: u32) -> Weight {
		Self::authorize(legs, legs.saturating_mul(MAX_OPEN_VINTAGES))
	}
}

/// For pallets by themselves, where only what differs counts.
impl WeightInfo for () {
	fn pay_legs(l: u32) -> Weight {
		Weight::from_parts(1 + u64::from(l), 0)
	}
	fn pay_burns(b: u32) -> Weight {
		Weight::from_parts(1 + u64::from(b), 0)
	}
	fn pay_offered(l: u32) -> Weight {
		Weight::from_parts(1 + 2 * u64::from(l), 0)
	}
	fn exchange(b: u32) -> Weight {
		Weight::from_parts(1 + u64::from(b), 0)
	}
	fn refund(b: u32) -> Weight {
		Weight::from_parts(1 + u64::from(b), 0)
	}
	fn authorize_legs(l: u32) -> Weight {
		Weight::from_parts(1 + u64::from(l), 0)
	}
	fn authorize_burns(b: u32) -> Weight {
		Weight::from_parts(1 + u64::from(b), 0)
	}
	fn capture(b: u32) -> Weight {
		Weight::from_parts(1 + u64::from(b), 0)
	}
	fn void(b: u32) -> Weight {
		Weight::from_parts(1 + u64::from(b), 0)
	}
	fn present_slips(s: u32) -> Weight {
		Weight::from_parts(1 + u64::from(s), 0)
	}
	fn check_receipt() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn drop_receipt(b: u32) -> Weight {
		Weight::from_parts(1 + u64::from(b), 0)
	}
	fn unlist_receipt() -> Weight {
		Weight::from_parts(1, 0)
	}
}
