//! What calls and hooks weigh. A runtime measures it with its own neighbours: runtime/src/benchmarks.

use frame_support::weights::Weight;
use hanse_primitives::MAX_OPEN_VINTAGES;

/// One weight for each call and each piece of a hook.
pub trait WeightInfo {
	/// A payment from `l` programs that burns points of one vintage of each, without a transaction of the payer.
	fn pay_legs(l: u32) -> Weight;
	/// A payment from as many programs as there can be that burns points of `b` vintages more than one of each.
	fn pay_burns(b: u32) -> Weight;
	/// As [`WeightInfo::pay_legs`], by a transaction of the payer: it is found out who pays its fee; what charging for it reads
	/// and writes of the payer is weighed there.
	fn pay_charged(l: u32) -> Weight;
	/// An exchange that burns points of `b` vintages.
	fn exchange(b: u32) -> Weight;
	/// A refund of a receipt with points of `b` vintages.
	fn refund(b: u32) -> Weight;
	/// As [`WeightInfo::pay_charged`], of an authorisation without its end.
	fn authorize_legs(l: u32) -> Weight;
	/// As [`WeightInfo::pay_burns`], of an authorisation without its end.
	fn authorize_burns(b: u32) -> Weight;
	/// A capture of an authorisation with points of `b` vintages.
	fn capture(b: u32) -> Weight;
	/// The end of an authorisation with points of `b` vintages.
	fn void(b: u32) -> Weight;
	/// Presenting `s` slips of as many customers, each of one leg of one program, and of points of one vintage.
	fn present_slips(s: u32) -> Weight;
	/// Presenting as many slips as there can be, of `p` programs.
	fn present_programs(p: u32) -> Weight;
	/// Presenting as many slips as there can be, which are refused, and of which `r` cancel a recovery.
	fn present_recoveries(r: u32) -> Weight;
	/// Reading the oldest receipt.
	fn check_receipt() -> Weight;
	/// Collecting the interchange of a receipt with points of `b` vintages, and forgetting it.
	fn drop_receipt(b: u32) -> Weight;
	/// Setting a receipt aside that is kept.
	fn unlist_receipt() -> Weight;
	/// Burning points of `burns` vintages of `legs` programs, without those of one of each.
	fn more_burns(legs: u32, burns: u32) -> Weight {
		Self::pay_burns(burns.saturating_sub(legs)).saturating_sub(Self::pay_burns(0))
	}
	/// A payment from `legs` programs that burns points of `burns` vintages, by a transaction of the payer.
	fn pay(legs: u32, burns: u32) -> Weight {
		Self::pay_charged(legs).saturating_add(Self::more_burns(legs, burns))
	}
	/// An authorisation of `legs` programs that burns points of `burns` vintages, with its end, which nobody else pays
	/// for.
	fn authorize(legs: u32, burns: u32) -> Weight {
		let more = Self::authorize_burns(burns.saturating_sub(legs)).saturating_sub(Self::authorize_burns(0));
		Self::authorize_legs(legs).saturating_add(more).saturating_add(Self::void(burns))
	}
}

/// The vintages that are burned of so many programs at most.
pub(crate) fn most_burns(legs: usize) -> u32 {
	(legs as u32).saturating_mul(MAX_OPEN_VINTAGES)
}

/// For pallets by themselves, where only what differs counts.
impl WeightInfo for () {
	fn pay_legs(l: u32) -> Weight {
		Weight::from_parts(1 + u64::from(l), 0)
	}
	fn pay_burns(b: u32) -> Weight {
		Weight::from_parts(1 + u64::from(b), 0)
	}
	fn pay_charged(l: u32) -> Weight {
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
	fn present_programs(p: u32) -> Weight {
		Weight::from_parts(1 + u64::from(p), 0)
	}
	fn present_recoveries(r: u32) -> Weight {
		Weight::from_parts(1 + u64::from(r), 0)
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
