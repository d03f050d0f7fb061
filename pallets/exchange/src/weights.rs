//! Weights of calls and hooks, from counted database operations; to be replaced by benchmarks.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};
use hanse_primitives::MAX_OPEN_VINTAGES;

/// One weight for each call and each piece of a hook.
pub trait WeightInfo {
	/// A payment from `legs` programs that burns points of `burns` vintages.
	fn pay(legs: u32, burns: u32) -> Weight;
	/// An exchange that burns points of `burns` vintages.
	fn exchange(burns: u32) -> Weight;
	/// A refund of a receipt with points of `burns` vintages.
	fn refund(burns: u32) -> Weight;
	/// A payment from `legs` programs, of each of which all open vintages are burned.
	fn pay_at_most(legs: u32) -> Weight {
		Self::pay(legs, legs.saturating_mul(MAX_OPEN_VINTAGES))
	}
	/// An authorisation of `legs` programs, of each of which all open vintages are burned.
	fn authorize_at_most(legs: u32) -> Weight {
		Self::authorize(legs, legs.saturating_mul(MAX_OPEN_VINTAGES))
	}
	/// An authorisation of `legs` programs that burns points of `burns` vintages.
	fn authorize(legs: u32, burns: u32) -> Weight;
	/// A capture of an authorisation with points of `burns` vintages.
	fn capture(burns: u32) -> Weight;
	/// The end of an authorisation with points of `burns` vintages.
	fn void(burns: u32) -> Weight;
	/// Presenting slips, without any of them.
	fn present_slips() -> Weight;
	/// Checking one slip, before its payment, and saying that it was refused.
	fn check_slip() -> Weight;
	/// Reading the oldest receipt.
	fn check_receipt() -> Weight;
	/// Collecting the interchange of a receipt with points of `burns` vintages, and forgetting it.
	fn drop_receipt(burns: u32) -> Weight;
	/// Setting a receipt aside that is kept.
	fn unlist_receipt() -> Weight;
}

/// Counted operations times the runtime's `DbWeight`.
pub struct CountedWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> CountedWeight<T> {
	/// Checks all eight vintages: reads their `Account`; of those that it burns reads and writes
	/// `Asset` and writes `Account`; once for all, the holder's system `Account` may be touched.
	fn burns(burns: u32) -> Weight {
		Weight::from_parts(20_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(2, 2))
			.saturating_mul(burns.into())
			.saturating_add(T::DbWeight::get().reads_writes(1, 1))
	}

	/// Reads `Programs` and up to eight `Account`s, reads and writes `FlowsOf` of the program and `LiabilityOf`,
	/// reads what is halted and whether its issuer is overdue, and settles, for which the merchant's part is
	/// counted once. A third of the computation is for the same items again, which are read to decide who
	/// pays the fee.
	fn leg() -> Weight {
		Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(24, 11))
	}

	/// Reads `Programs` and the issuer's `Institutions`; reads and writes `LiabilityOf`, `MadeOf`, `FlowsOf`,
	/// `FundedOf`, `Asset`, `Account` and the holder's system `Account`; up to two reads follow a recovery. Of the
	/// merchant's own points, `GrowthOf` instead of `FundedOf`, and nothing is settled.
	fn reinstate() -> Weight {
		Weight::from_parts(45_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(11, 7))
	}

	/// Reads both `Institutions` and the cycle, and where there is a line what must stand behind the debtor's points
	/// (four); reads and writes `Account` and `Holds` of both, their turnover,
	/// position and line, the number of positions, and the debtor's debts and what its reserve is kept for.
	fn settle() -> Weight {
		Weight::from_parts(45_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(17, 10))
	}
}

impl<T: frame_system::Config> WeightInfo for CountedWeight<T> {
	/// Once: reads the merchant's `Institutions`, the `Receipts` entry, the payer's registration and person, the
	/// rules and the era's clock; writes the entry and `ReceiptClosings`, the person and the merchant's `Account` and
	/// `Holds`.
	fn pay(legs: u32, burns: u32) -> Weight {
		Weight::from_parts(40_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(8, 5))
			.saturating_add(Self::leg().saturating_mul(legs.into()))
			.saturating_add(Self::burns(burns))
	}

	/// A leg, the holder's registration and person, what issuing one award does in the target program, and
	/// the `Account` of the pot.
	fn exchange(burns: u32) -> Weight {
		Weight::from_parts(90_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(27, 16))
			.saturating_add(Self::leg())
			.saturating_add(Self::burns(burns))
	}

	/// Reads and writes `Receipts` and what the payer spent; for each burn reads `Programs` to find where it
	/// returns, settles and reinstates. Once, reads what stands behind the merchant's own points: `LiabilityOf`,
	/// `MadeOf`, `FundedOf`, `Arrears`, the bond and the time. The merchant's own program may open a vintage: six writes.
	fn refund(burns: u32) -> Weight {
		let each =
			Self::settle().saturating_add(Self::reinstate()).saturating_add(T::DbWeight::get().reads(3));
		Weight::from_parts(40_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(30, 9))
			.saturating_add(each.saturating_mul(burns.into()))
	}

	/// As a payment, writes `Authorisations` and `AuthorisationDeadlines` in the place of `ReceiptClosings`, and its end, which nobody else
	/// pays for.
	fn authorize(legs: u32, burns: u32) -> Weight {
		Self::pay(legs, burns)
			.saturating_add(T::DbWeight::get().reads_writes(0, 1))
			.saturating_add(Self::void(burns))
	}

	/// As ending it, and settles with up to one issuer for each burn.
	fn capture(burns: u32) -> Weight {
		Self::void(burns).saturating_add(Self::settle().saturating_mul(burns.into()))
	}

	/// Reads and writes `Authorisations`, `Receipts` and what the payer spent, reads the rules and the era's clock,
	/// writes `AuthorisationDeadlines` and `ReceiptClosings`, may read `Institutions` of the caller; for each burn reinstates, reads its
	/// program, and gives an earmark back, on the line and of the reserve.
	fn void(burns: u32) -> Weight {
		let each = Self::reinstate().saturating_add(T::DbWeight::get().reads_writes(5, 3));
		Weight::from_parts(30_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(9, 5))
			.saturating_add(each.saturating_mul(burns.into()))
	}

	/// Reads time and rules, and says what became of them.
	fn present_slips() -> Weight {
		Weight::from_parts(10_000_000, 0).saturating_add(T::DbWeight::get().reads(2))
	}

	/// Hashes what was signed and verifies a signature of the slowest kind; reads the payer's recovery, and may
	/// cancel it, with what its institution has at stake.
	fn check_slip() -> Weight {
		Weight::from_parts(200_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(3, 3))
	}

	/// Reads `ReceiptClosings`, `Receipts`, the rules and the era's clock.
	fn check_receipt() -> Weight {
		Weight::from_parts(5_000_000, 0).saturating_add(T::DbWeight::get().reads(4))
	}

	/// Writes `Receipts` and `ReceiptClosings`, and reads and writes what was taken of the merchant's receipts; for each
	/// burn reads `Programs`, and reads and writes what is kept of a reserve, `Account` and `Holds` of the issuer,
	/// `Deposits` and the pot's `Account`.
	fn drop_receipt(burns: u32) -> Weight {
		let each = Weight::from_parts(30_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(7, 5));
		T::DbWeight::get().reads_writes(1, 3).saturating_add(each.saturating_mul(burns.into()))
	}

	/// Writes `ReceiptClosings`.
	fn unlist_receipt() -> Weight {
		Weight::from_parts(5_000_000, 0).saturating_add(T::DbWeight::get().writes(1))
	}
}

impl WeightInfo for () {
	fn pay(legs: u32, burns: u32) -> Weight {
		Weight::from_parts((legs + burns).into(), 0)
	}
	fn exchange(burns: u32) -> Weight {
		Weight::from_parts(burns.into(), 0)
	}
	fn refund(burns: u32) -> Weight {
		Weight::from_parts(burns.into(), 0)
	}
	fn authorize(legs: u32, burns: u32) -> Weight {
		Weight::from_parts((legs + burns).into(), 0)
	}
	fn capture(burns: u32) -> Weight {
		Weight::from_parts(burns.into(), 0)
	}
	fn void(burns: u32) -> Weight {
		Weight::from_parts(burns.into(), 0)
	}
	fn present_slips() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn check_slip() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn check_receipt() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn drop_receipt(burns: u32) -> Weight {
		Weight::from_parts(burns.into(), 0)
	}
	fn unlist_receipt() -> Weight {
		Weight::from_parts(1, 0)
	}
}
