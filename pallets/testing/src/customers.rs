//! Who may spend, and for whom calls are sponsored.

use crate::{refuse, short, state};
use frame_support::traits::Time;
use hanse_primitives::{Customers, InstitutionId, Moment, Money, Quota, Quotas};
use sp_runtime::{DispatchError, DispatchResult};
use std::collections::BTreeMap;

state! {
	/// Who is no registered customer, and who is too young to exchange.
	Strangers: Vec<u64> = Vec::new();
	TooYoung: Vec<u64> = Vec::new();
	/// What each may still spend.
	Limit: Money = Money::MAX;
	/// What came back to their limits, and of which window; and who signed slips.
	GivenBack: Vec<(u64, Money, Moment)> = Vec::new();
	Signed: Vec<u64> = Vec::new();
	/// Whose keys somebody says are lost, until they sign.
	Recovering: Vec<u64> = Vec::new();
	/// Who got what was somebody's whose key was lost.
	Successors: BTreeMap<u64, u64> = BTreeMap::new();
	/// Sponsored calls that each registered person has left, and who vouches for whom, if not institution 1.
	Left: BTreeMap<u64, u32> = BTreeMap::new();
	Vouchers: BTreeMap<u64, InstitutionId> = BTreeMap::new();
	/// Whether calls are free.
	Free: bool = false;
}

/// The customers, by the clock of `T`.
pub struct People<T>(core::marker::PhantomData<T>);
impl<T: Time<Moment = Moment>> Customers<u64> for People<T> {
	short! {
		fn spend(account: &u64, value: Money) -> Result<Moment, DispatchError> = {
			refuse(Strangers::get().contains(account), "NotRegistered")?;
			refuse(value > Limit::get(), "OverLimit")?;
			Ok(T::now())
		};
		fn restore_limit(account: &u64, value: Money, window: Moment) =
			GivenBack::mutate(|all| all.extend((value > 0).then_some((*account, value, window))));
		fn ensure_may_exchange(account: &u64) -> DispatchResult =
			refuse(TooYoung::get().contains(account), "TooYoung");
		fn successor(account: &u64) -> Option<u64> = Successors::get().get(account).copied();
		fn note_signature(account: &u64) -> bool = {
			Signed::mutate(|all| all.push(*account));
			let before = Recovering::get().len();
			Recovering::mutate(|all| all.retain(|other| other != account));
			Recovering::get().len() < before
		};
	}
}

impl Quotas<u64> for Left {
	short! {
		fn quota(account: &u64) -> Option<Quota> = {
			let registrar = Vouchers::get().get(account).copied().unwrap_or(1);
			Left::get().get(account).map(|left| Quota { registrar, left: *left })
		};
		fn use_quota(account: &u64, calls: u32) =
			Left::mutate(|all| *all.get_mut(account).expect("a person is registered") -= calls);
		fn may_object(_: &u64) -> bool = Free::get();
		fn may_forget(_: &u64) -> bool = Free::get();
	}
}
