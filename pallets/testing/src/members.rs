//! Who belongs, who votes, and who makes blocks. Account n is institution n.

use crate::{refuse, short, state};
use core::marker::PhantomData;
use frame_support::traits::{
	fungible::Mutate,
	tokens::{Fortitude, Preservation},
	EnsureOrigin,
};
use frame_system::RawOrigin;
use hanse_primitives::{
	Activity, Authorities, AuthorityKeys, Electorate, Finality, InstitutionId, MemberStatus, Members, Money,
	SuspensionCause,
};
use sp_runtime::{DispatchError, DispatchResult};
use std::collections::BTreeSet;

state! {
	/// There are institutions 1 to this,
	Size: InstitutionId = 500;
	/// less those that are gone.
	Gone: BTreeSet<InstitutionId> = BTreeSet::new();
	Suspended: BTreeSet<InstitutionId> = BTreeSet::new();
	InRunOff: BTreeSet<InstitutionId> = BTreeSet::new();
	/// Who votes, and whose votes stand, each with the number of the motion.
	Voters: Vec<u64> = Vec::new();
	Voted: Vec<(u64, u32)> = Vec::new();
	/// Accounts of whom there was a sign.
	Heard: BTreeSet<u64> = BTreeSet::new();
	/// Authorities that cannot be done without, and those that were told to retire.
	Indispensable: BTreeSet<InstitutionId> = BTreeSet::new();
	Retired: Vec<InstitutionId> = Vec::new();
	/// Authorities without keys, and accounts of which the keys are forgotten.
	Keyless: BTreeSet<InstitutionId> = BTreeSet::new();
	KeysChanged: bool = false;
	Purged: Vec<u64> = Vec::new();
	/// Sessions before this one are forgotten.
	Forgotten: u32 = 0;
	/// Restarts of finality as (block, set id), and whether its set is changing.
	Restarts: Vec<(u64, u64)> = Vec::new();
	Changing: bool = false;
}

/// Where bonds are.
pub trait Bonds {
	/// The bond of a member.
	fn of(id: InstitutionId) -> Money;
	/// Moves up to `value` of it.
	fn draw(id: InstitutionId, creditor: &u64, value: Money) -> Result<Money, DispatchError>;
}

/// Nobody has one.
impl Bonds for () {
	short! {
		fn of(_: InstitutionId) -> Money = 0;
		fn draw(_: InstitutionId, _: &u64, _: Money) -> Result<Money, DispatchError> = Ok(0);
	}
}

/// Each has a [`bond_account`] of `C`.
pub struct BondAccounts<C>(PhantomData<C>);
impl<C: Mutate<u64, Balance = Money>> Bonds for BondAccounts<C> {
	short! {
		fn of(id: InstitutionId) -> Money =
			C::reducible_balance(&bond_account(id), Preservation::Preserve, Fortitude::Polite);
		fn draw(id: InstitutionId, creditor: &u64, value: Money) -> Result<Money, DispatchError> =
			C::transfer(&bond_account(id), creditor, Self::of(id).min(value), Preservation::Preserve);
	}
}

/// Where the bond of an institution is.
pub fn bond_account(id: InstitutionId) -> u64 {
	1_000 + u64::from(id)
}

/// The institutions, with their bonds in `B`.
pub struct Membership<B = ()>(PhantomData<B>);
impl<B: Bonds> Members<u64> for Membership<B> {
	short! {
		fn account(id: InstitutionId) -> Result<u64, DispatchError> =
			Self::id_of(&id.into()).map(u64::from).ok_or(DispatchError::Other("NotFound"));
		fn id_of(account: &u64) -> Option<InstitutionId> =
			InstitutionId::try_from(*account)
				.ok()
				.filter(|id| (1..=Size::get()).contains(id) && !Gone::get().contains(id));
		fn ensure_active(id: InstitutionId) -> DispatchResult =
			refuse(Suspended::get().contains(&id), "NotActive").and_then(|()| Self::ensure_payable(id));
		fn ensure_payable(id: InstitutionId) -> DispatchResult =
			refuse(InRunOff::get().contains(&id), "NotActive").and_then(|()| Self::account(id).map(drop));
		fn may_operate(id: InstitutionId) -> bool = !Suspended::get().contains(&id);
		fn bond(id: InstitutionId) -> Money = B::of(id);
		fn draw_bond(id: InstitutionId, creditor: &u64, value: Money) -> Result<Money, DispatchError> =
			B::draw(id, creditor, value);
	}
}

impl<B> MemberStatus for Membership<B> {
	short! {
		fn suspend(id: InstitutionId, _: SuspensionCause) -> DispatchResult =
			refuse(!Suspended::mutate(|all| all.insert(id)), "WrongStatus");
		fn reinstate(id: InstitutionId, _: SuspensionCause) -> DispatchResult =
			refuse(!Suspended::mutate(|all| all.remove(&id)), "WrongStatus");
		fn start_run_off(id: InstitutionId) -> DispatchResult = {
			Suspended::mutate(|all| all.remove(&id));
			refuse(!InRunOff::mutate(|all| all.insert(id)), "WrongStatus")
		};
	}
}

impl<B: Bonds, O: Clone + Into<Result<RawOrigin<u64>, O>>> EnsureOrigin<O> for Membership<B> {
	type Success = InstitutionId;

	fn try_origin(origin: O) -> Result<InstitutionId, O> {
		match origin.clone().into() {
			Ok(RawOrigin::Signed(account)) => Self::id_of(&account).ok_or(origin),
			_ => Err(origin),
		}
	}
}

impl Electorate<u64> for Voters {
	short! {
		fn members() -> Vec<u64> = Voters::get();
		fn set(sorted: Vec<u64>) = Voters::set(sorted);
		fn voted() -> Vec<(u64, u32)> = Voted::get();
	}
}

impl Activity<u64> for Heard {
	short! { fn note_activity(account: &u64) = { Heard::mutate(|all| all.insert(*account)); }; }
}

/// Those who run authorities, with their keys, and the finality gadget.
pub struct Nodes;

/// The id of the set that the chain announced last.
pub const SET_ID: u64 = 9;

impl Authorities<u64> for Nodes {
	short! {
		fn ensure_dispensable(id: InstitutionId) -> DispatchResult =
			refuse(Indispensable::get().contains(&id), "TooFewAuthorities");
		fn retire(id: InstitutionId, _: &u64) = Retired::mutate(|all| all.push(id));
	}
}

impl AuthorityKeys<u64> for Nodes {
	short! {
		fn are_set(account: &u64) -> bool = !Keyless::get().contains(&(*account as InstitutionId));
		fn have_changed() -> bool = KeysChanged::get();
		fn purge(account: &u64) = Purged::mutate(|all| all.push(*account));
		fn forget_sessions_before(session: u32) = Forgotten::set(session);
	}
}

impl Finality<u64> for Nodes {
	short! {
		fn restart(best_finalised: u64, set_id: u64) = Restarts::mutate(|all| all.push((best_finalised, set_id)));
		fn set_id() -> u64 = SET_ID;
		fn is_changing() -> bool = Changing::get();
	}
}
