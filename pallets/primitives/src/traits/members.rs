//! Who belongs, who votes, and who makes blocks.

use crate::{Flag, InstitutionId, Money, Reading};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::{DispatchError, DispatchResult};

/// An institution as one that pays it or is paid by it sees it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Party<AccountId> {
	/// Its account.
	pub account: AccountId,
	/// Whether it may be paid as a member: active or suspended, and not on its way out.
	pub is_payable: bool,
}

/// Who belongs to the alliance.
pub trait Members<AccountId> {
	/// The account of an institution. Law: `id_of(account(i)) == i` until the institution is gone.
	fn account(id: InstitutionId) -> Result<AccountId, DispatchError>;

	/// An institution that is to pay or to be paid. Law: as [`Self::account`] and [`Self::ensure_payable`] say it.
	fn party(id: InstitutionId) -> Result<Party<AccountId>, DispatchError> {
		Ok(Party { account: Self::account(id)?, is_payable: Self::ensure_payable(id).is_ok() })
	}

	/// The institution of an account, if it is one.
	fn id_of(account: &AccountId) -> Option<InstitutionId>;

	/// Fails by name unless the institution exists and may issue, grant and draw down: active, and with a
	/// bond that meets the rule.
	fn ensure_active(id: InstitutionId) -> DispatchResult;

	/// Fails by name unless the institution exists and may be paid: active or suspended.
	fn ensure_payable(id: InstitutionId) -> DispatchResult;

	/// Fails by name once the books of an institution are closed: it is in run-off or gone, so that it gives
	/// nothing back any more that others spent with it.
	fn ensure_books_open(id: InstitutionId) -> DispatchResult {
		Self::account(id).map(drop)
	}

	/// Whether the institution may run an authority: active.
	fn may_operate(id: InstitutionId) -> bool;

	/// The admission bond that is held, in settlement micro-units; zero for strangers.
	fn bond(id: InstitutionId) -> Money;

	/// Move up to `value` micro-units of a member's bond to the free balance of `creditor`, to whom it owes
	/// them; returns how much there was. Law: what the bond loses the creditor gets.
	fn draw_bond(id: InstitutionId, creditor: &AccountId, value: Money) -> Result<Money, DispatchError>;
}

/// Who is called what. Law: `owner` is the one institution that, or a program of which, has this reading of its
/// name or symbol; `None` once that institution is gone for good.
pub trait Names {
	/// Whose name, or whose program's, can be read like this.
	fn owner(reading: &Reading) -> Option<InstitutionId>;
}

/// For a chain on which nothing else has a name.
impl Names for () {
	fn owner(_: &Reading) -> Option<InstitutionId> {
		None
	}
}

/// Why a member is suspended.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum SuspensionCause {
	/// It is overdue.
	Overdue,
	/// A consequence of what it did.
	Conduct,
}

impl Flag for SuspensionCause {
	fn place(self) -> u8 {
		self as u8
	}
}

/// Changes of where a member stands that other pallets cause. Law: each is one step of the table of
/// statuses or fails by name and changes nothing; the electorate follows at once.
pub trait MemberStatus {
	/// An active member may not issue for now. Law: it is suspended for as long as there is a cause.
	fn suspend(id: InstitutionId, cause: SuspensionCause) -> DispatchResult;

	/// A cause is gone. Law: without another one, a suspended member is active again; of a cause that was
	/// not there nothing changes.
	fn reinstate(id: InstitutionId, cause: SuspensionCause) -> DispatchResult;

	/// A member that cannot go on pays what it can to the holders of its points.
	fn start_run_off(id: InstitutionId) -> DispatchResult;
}

/// Those who vote.
pub trait Electorate<AccountId> {
	/// The members that vote, sorted.
	fn members() -> Vec<AccountId>;

	/// Law: afterwards `members` is `sorted`, and an account that is not in it has no vote in any open motion.
	fn set(sorted: Vec<AccountId>);

	/// Those whose votes stand in open motions, each with the number of the motion. Motions are numbered from 1 on
	/// in the order in which they were made.
	fn voted() -> Vec<(AccountId, u32)>;
}

/// Who runs the nodes.
pub trait Authorities<AccountId> {
	/// Fails by name if there would be too few authorities without this one.
	fn ensure_dispensable(id: InstitutionId) -> DispatchResult;

	/// Forget that an institution, which is gone, ran an authority, and its keys. Law: it is in no set
	/// that is planned from now on.
	fn retire(id: InstitutionId, account: &AccountId);
}

/// For a chain whose authorities do not follow membership.
impl<AccountId> Authorities<AccountId> for () {
	fn ensure_dispensable(_: InstitutionId) -> DispatchResult {
		Ok(())
	}

	fn retire(_: InstitutionId, _: &AccountId) {}
}

/// The keys that authorities sign with.
pub trait AuthorityKeys<AccountId> {
	/// Whether an account has set its keys.
	fn are_set(account: &AccountId) -> bool;

	/// Whether a member of the planned set has set other keys since it was planned.
	fn have_changed() -> bool;

	/// Forget the keys of an account.
	fn purge(account: &AccountId);

	/// Forget who had which keys in sessions before this one.
	fn forget_sessions_before(session: u32);
}

/// The finality gadget, where the authorities cannot go on by themselves.
pub trait Finality<BlockNumber> {
	/// Start voting anew upon `best_finalised` with the authorities of the session that begins in this
	/// block. `set_id` is that of the authorities which the nodes still wait for.
	fn restart(best_finalised: BlockNumber, set_id: u64);

	/// The id of the set of authorities that the chain announced last.
	fn set_id() -> u64;

	/// Whether a change of authorities is announced and not yet in force.
	fn is_changing() -> bool;
}
