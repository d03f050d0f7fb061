//! What calls and hooks weigh. A runtime measures it with its own neighbours: runtime/src/benchmarks.

use frame_support::weights::Weight;
use hanse_primitives::MAX_OPEN_VINTAGES;

/// One weight for each call and each piece of a hook.
pub trait WeightInfo {
	/// A new program.
	fn create_program() -> Weight;
	/// A batch of `n` awards, the first of its period.
	fn issue_batch(n: u32) -> Weight;
	/// Other terms.
	fn revise_terms() -> Weight;
	/// Taking one award back.
	fn cancel_award() -> Weight;
	/// Finding awards that are due, and making `n` of them usable.
	fn mature(n: u32) -> Weight;
	/// Giving points of one vintage of each of `p` programs away, with finding out who pays the fee.
	fn donate_programs(p: u32) -> Weight;
	/// The same of as many programs as there can be, and of `v` vintages more than one of each.
	fn donate_vintages(v: u32) -> Weight;
	/// Closing the books of one period.
	fn close_period() -> Weight;
	/// Checking one member's reserve, and stopping or resuming its clocks.
	fn review_reserves() -> Weight;
	/// Booking the breakage of one vintage, whatever the number of its holders, and carrying what `h` halted customers
	/// hold of it into another.
	fn expire(h: u32) -> Weight;
	/// Finding a vintage to sweep, sweeping `n` dead accounts, and closing it.
	fn sweep(n: u32) -> Weight;
	/// Checking a list of served orders, and forgetting `n` of them.
	fn forget_orders(n: u32) -> Weight;
	/// Giving points of so many vintages of one program away.
	fn donate(vintages: u32) -> Weight {
		Self::donate_all(1, vintages)
	}
	/// The same of so many programs together.
	fn donate_all(programs: u32, vintages: u32) -> Weight {
		let more = Self::donate_vintages(vintages.saturating_sub(programs));
		Self::donate_programs(programs).saturating_add(more.saturating_sub(Self::donate_vintages(0)))
	}
	/// The same, if all open vintages of each are given.
	fn donate_all_at_most(programs: u32) -> Weight {
		Self::donate_all(programs, programs.saturating_mul(MAX_OPEN_VINTAGES))
	}
	/// Carrying what one halted customer holds of a vintage that expires into another.
	fn roll_over() -> Weight {
		Self::expire(1).saturating_sub(Self::expire(0))
	}
	/// Finding a vintage to sweep, and closing it.
	fn sweep_base() -> Weight {
		Self::sweep(0)
	}
	/// Sweeping one dead account.
	fn sweep_account() -> Weight {
		Self::sweep(1).saturating_sub(Self::sweep(0))
	}
	/// Checking a list of served orders.
	fn look_at_list() -> Weight {
		Self::forget_orders(0)
	}
	/// Forgetting one order.
	fn drop_record() -> Weight {
		Self::forget_orders(1).saturating_sub(Self::forget_orders(0))
	}
}

/// For pallets by themselves, where only what differs counts.
impl WeightInfo for () {
	fn create_program() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn issue_batch(n: u32) -> Weight {
		Weight::from_parts(1 + u64::from(n), 0)
	}
	fn revise_terms() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn cancel_award() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn mature(n: u32) -> Weight {
		Weight::from_parts(1 + u64::from(n), 0)
	}
	fn donate_programs(p: u32) -> Weight {
		Weight::from_parts(1 + u64::from(p), 0)
	}
	fn donate_vintages(v: u32) -> Weight {
		Weight::from_parts(1 + u64::from(v), 0)
	}
	fn close_period() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn review_reserves() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn expire(h: u32) -> Weight {
		Weight::from_parts(1 + u64::from(h), 0)
	}
	fn sweep(n: u32) -> Weight {
		Weight::from_parts(1 + u64::from(n), 0)
	}
	fn forget_orders(n: u32) -> Weight {
		Weight::from_parts(1 + u64::from(n), 0)
	}
}
