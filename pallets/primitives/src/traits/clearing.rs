//! Money between members, and what they owe to holders.

use crate::{InstitutionId, Money};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::weights::Weight;
use scale_info::TypeInfo;
use sp_runtime::{DispatchError, DispatchResult};

/// What is kept for an obligation that may come.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Earmark {
	/// On the line that the creditor granted, in settlement micro-units.
	#[codec(compact)]
	pub line: Money,
	/// Of the debtor's reserve.
	#[codec(compact)]
	pub reserve: Money,
}

/// What is held back of what stands behind an institution, so that nothing else uses it, in settlement micro-units.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Encumbrance {
	/// Of its reserve: interchange that is still to be collected.
	#[codec(compact)]
	pub accrued: Money,
	/// Of its reserve: for obligations that may come.
	#[codec(compact)]
	pub earmarked: Money,
	/// Of its reserve: the same, on lines until its books were closed.
	#[codec(compact)]
	pub from_lines: Money,
	/// Of its bond: for obligations that may come, on lines that others granted it.
	#[codec(compact)]
	pub on_lines: Money,
}

impl Encumbrance {
	/// What of the reserve is not free. Saturated, so that of a broken book nothing is free.
	pub fn of_reserve(&self) -> Money {
		self.accrued.saturating_add(self.earmarked).saturating_add(self.from_lines)
	}
}

/// The money that members hold for clearing.
pub trait Reserves {
	/// The settlement micro-units that an institution holds for clearing.
	fn reserve(id: InstitutionId) -> Money;

	/// What of it nothing is kept for: neither accrued interchange nor authorisations.
	fn free_reserve(id: InstitutionId) -> Money;

	/// What of it is kept for authorisations.
	fn earmarked(id: InstitutionId) -> Money;

	/// What its bond answers for, in settlement micro-units: owed on lines, and kept there for obligations
	/// that may come.
	fn bond_debt(id: InstitutionId) -> Money;

	/// Fails by name if the institution is on its way out or gone, and its free reserve would not serve all
	/// holders of its points.
	fn ensure_serves_holders(id: InstitutionId) -> DispatchResult;

	/// What is kept on lines for obligations of an institution on its way out is kept of its reserve from now on,
	/// paid for by its bond as far as that is not owed. Law: what is released or owed of it afterwards is neither
	/// the holders' nor missing; nothing new comes upon a line.
	fn close_books(id: InstitutionId) -> DispatchResult;

	/// Move `value` of an institution's free balance into its reserve. Law: the reserve grows by as much.
	fn add_to_reserve(id: InstitutionId, value: Money) -> DispatchResult;

	/// Give an institution that is gone, or never was a member, and owes nothing its whole reserve back. Law:
	/// its free balance grows by what its reserve was.
	fn release_reserve(id: InstitutionId) -> DispatchResult;

	/// All that an institution ever owed others for its points, less refunds, in settlement
	/// micro-units; interchange is not in it.
	fn net_paid(id: InstitutionId) -> Money;
}

/// For a chain whose members hold no money.
impl Reserves for () {
	fn reserve(_: InstitutionId) -> Money {
		0
	}

	fn free_reserve(_: InstitutionId) -> Money {
		0
	}

	fn earmarked(_: InstitutionId) -> Money {
		0
	}

	fn bond_debt(_: InstitutionId) -> Money {
		0
	}

	fn ensure_serves_holders(_: InstitutionId) -> DispatchResult {
		Ok(())
	}

	fn close_books(_: InstitutionId) -> DispatchResult {
		Ok(())
	}

	fn add_to_reserve(_: InstitutionId, _: Money) -> DispatchResult {
		Ok(())
	}

	fn release_reserve(_: InstitutionId) -> DispatchResult {
		Ok(())
	}

	fn net_paid(_: InstitutionId) -> Money {
		0
	}
}

/// Members' obligations to each other.
pub trait Clearing: Reserves {
	/// Law: after `owe(a, b, v)`, what `a` owes `b` has grown by `v` micro-units, net of what `b` owed
	/// `a`; or, as far as it was paid at once, the reserve of `b` has grown and that of `a` has fallen
	/// by the same amount. An error changes nothing that its caller does not roll back. It fails by name
	/// for the debtor's free reserve that is short, and for nothing else; that of an institution on its way out serves
	/// the holders of its points first, so it is short where they would get less.
	fn owe(debtor: InstitutionId, creditor: InstitutionId, value: Money) -> DispatchResult;

	/// What [`Clearing::owe`] of `net` and then [`Clearing::accrue`] of `interchange` do together.
	fn owe_and_accrue(
		debtor: InstitutionId,
		creditor: InstitutionId,
		net: Money,
		interchange: Money,
	) -> DispatchResult;

	/// As [`Clearing::owe`], but never on a line.
	fn owe_gross(debtor: InstitutionId, creditor: InstitutionId, value: Money) -> DispatchResult;

	/// As [`Clearing::owe`], for a refund: `value` of what `creditor` owed `debtor` for its points
	/// comes back. Law: as `owe`, but it is `paid(creditor)` that changes: it falls by `value`; it is never met on a
	/// line, since points come back for it; and what it takes of the debtor's reserve leaves what a draw-down must
	/// leave there, or it fails by name.
	fn owe_refund(debtor: InstitutionId, creditor: InstitutionId, value: Money) -> DispatchResult;

	/// Fails by name while the debtor is overdue: its points pause at partners.
	fn ensure_not_overdue(debtor: InstitutionId) -> DispatchResult;

	/// Keep what `owe(debtor, creditor, value)` may need, first on the line, then of the free reserve.
	/// Law: until it is released, nothing else uses it, so that `owe` of as much succeeds right after its
	/// release.
	fn earmark(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Money,
	) -> Result<Earmark, DispatchError>;

	/// Give back what was kept. Law: fails, and changes nothing that its caller does not roll back, if as much is
	/// not kept.
	fn release_earmark(debtor: InstitutionId, creditor: InstitutionId, earmark: Earmark) -> DispatchResult;

	/// Set `value` of an issuer's free reserve apart as interchange, which reaches the pot later. Law: its
	/// reserve stays, its free reserve falls.
	fn accrue(issuer: InstitutionId, value: Money) -> DispatchResult;

	/// Interchange that was accrued is not due, since what it was taken for was refunded. Law: its free reserve
	/// grows by `value`; fails if as much was not accrued.
	fn release_accrued(issuer: InstitutionId, value: Money) -> DispatchResult;

	/// Pay interchange that was accrued to the pot. Law: reserve and accrued fall by `value`, the pot grows.
	fn collect(issuer: InstitutionId, value: Money) -> DispatchResult;

	/// What is held back, of every institution of which it is something.
	fn encumbrances() -> Vec<(InstitutionId, Encumbrance)>;
}

/// What was found against members. Law: what is found never depends on what the debtor has. It is paid at once
/// from what a draw-down could take of its free reserve (of one on its way out, what the holders of its points do
/// not need), then from what neither the holders nor its creditors on lines need of its bond; what is left is a debt
/// that makes it overdue, and that later money pays first.
pub trait JudgementDebts<AccountId> {
	/// A member was found to owe `value` micro-units to an account, which gets them as free balance. What an
	/// account cannot receive, since it is less than an account must have, is not owed. Fails for a stranger,
	/// and for nothing else.
	fn owe_judgement(debtor: InstitutionId, creditor: &AccountId, value: Money) -> DispatchResult;

	/// As [`Clearing::owe_refund`], of what was found against `debtor`: its bond pays what its reserve cannot. Fails
	/// by name where both are short, so that a creditor never gives something back for a promise; what then was
	/// found is owed to whom it was found for.
	fn owe_refund_by_judgement(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Money,
	) -> DispatchResult;

	/// What it weighs beside the payment if a judgement makes the debtor overdue.
	fn weight(debtor: InstitutionId) -> Weight;
}

/// What must stand behind points, in settlement micro-units.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Backing {
	/// Bond, less what it answers for, and free reserve together, at least.
	pub all: Money,
	/// Free reserve at least.
	pub reserve: Money,
}

/// What institutions owe to the holders of their points.
pub trait Liabilities {
	/// What must stand behind the points of `id` that are outstanding now, when one of them pays.
	fn required_backing(id: InstitutionId) -> Backing;

	/// What of the points of `id` that are outstanding now came with money of late, which stays behind them.
	fn funded(_: InstitutionId) -> Money {
		0
	}

	/// What must be left behind the points of `id` when money leaves that pays for none of them: behind what is
	/// funded all of it, behind the others as [`Liabilities::required_backing`]. Law: `ensure_backed` succeeds with just
	/// as much, and fails with one less of either.
	fn least_left(id: InstitutionId) -> Backing {
		Self::required_backing(id)
	}

	/// Fails by name if `bond` and `reserve` micro-units would be too little to be left behind the points of `id`
	/// that are outstanding now.
	fn ensure_backed(id: InstitutionId, bond: Money, reserve: Money) -> DispatchResult;

	/// What an institution owes to the holders of its points, in settlement micro-units, what is authorised and may
	/// come back included.
	fn outstanding(id: InstitutionId) -> Money;

	/// What holders can get for the points that there are now: less than they are worth, if a run-off has fixed
	/// a rate. Law: of an institution that is on its way out or gone it is never more than the free reserve.
	fn redeemable(id: InstitutionId) -> Money;

	/// What they may come to get at most, with what can be given back to them beyond what is kept for it.
	fn payable(id: InstitutionId) -> Money;

	/// The points of an institution that cannot go on are worth one rate from now on, which its free reserve
	/// covers, whatever is given back later. Law: whoever spends them gets at most that, and all of them
	/// together at most the free reserve.
	fn fix_rate(id: InstitutionId) -> DispatchResult;
}

/// For a chain without points.
impl Liabilities for () {
	fn ensure_backed(_: InstitutionId, _: Money, _: Money) -> DispatchResult {
		Ok(())
	}

	fn required_backing(_: InstitutionId) -> Backing {
		Backing::default()
	}

	fn outstanding(_: InstitutionId) -> Money {
		0
	}

	fn redeemable(_: InstitutionId) -> Money {
		0
	}

	fn payable(_: InstitutionId) -> Money {
		0
	}

	fn fix_rate(_: InstitutionId) -> DispatchResult {
		Ok(())
	}
}
