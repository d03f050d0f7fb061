//! Awards that cannot be used yet: remembered, made usable, moved.

use crate::{math, pallet::*, types::*, weights::WeightInfo, RETRY};
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_support::{
	defensive,
	storage::with_storage_layer,
	traits::{
		fungibles::{Inspect, Mutate},
		tokens::Preservation,
		ConstU32, Defensive,
	},
	weights::{Weight, WeightMeter},
};
use hanse_primitives::{
	due::{self, DueQueue},
	AssetId, Customers, DeadlineClock, Halts, Holdings, Moment, Money, Points, MAX_AWARDS, MAX_SUCCESSIONS,
};
use sp_runtime::{
	traits::{EnsureAdd, EnsureAddAssign, EnsureSubAssign},
	BoundedVec, DispatchError, DispatchResult,
};

impl<T: Config> Pallet<T> {
	/// Remember who is to get what later; returns the number of the batch.
	pub(crate) fn store_pending(
		matures: Moment,
		asset: AssetId,
		shares: Vec<PendingAward<T::AccountId>>,
		total: Points,
	) -> Result<u64, DispatchError> {
		for PendingAward { to, amount, .. } in &shares {
			PendingOf::<T>::try_mutate(to, asset, |pending| pending.ensure_add_assign(*amount))?;
		}
		PendingTotal::<T>::try_mutate(asset, |pending| pending.ensure_add_assign(total))?;
		let batch = Self::next_batch();
		let shares = BoundedVec::<_, ConstU32<MAX_AWARDS>>::truncate_from(shares);
		PendingBatches::<T>::insert(pending_key(matures, asset, batch), shares);
		Ok(batch)
	}

	/// Make usable what is due, in its order, up to `limit` awards and as far as `meter` allows; returns
	/// how many.
	pub(crate) fn mature_due(limit: u32, meter: &mut WeightMeter) -> u32 {
		let mut queue = DueAwards::<T> { left: limit, matured: 0, runtime: PhantomData };
		due::serve(&mut queue, limit, meter);
		queue.matured
	}

	/// Make one share of a vintage usable.
	fn mature_share(asset: AssetId, share: &PendingAward<T::AccountId>, is_open: bool) -> DispatchResult {
		let PendingAward { to, amount, .. } = share.clone();
		// It was taken back.
		if amount == 0 {
			return Ok(());
		}
		let to = Self::take_pending(asset, to, amount)?;
		// What was pending when its vintage expired was booked as breakage with it.
		if !is_open {
			return Ok(());
		}
		PendingTotal::<T>::try_mutate(asset, |pending| pending.ensure_sub_assign(amount))?;
		T::Assets::mint_into(asset, &to, amount)?;
		Self::deposit_event(Event::PointsMatured { asset, to, amount });
		Ok(())
	}

	/// Keep a share that could not be made usable: what is owed of an open vintage stays pending, and is tried again
	/// later.
	fn postpone_share(asset: AssetId, batch: [u8; 8], share: PendingAward<T::AccountId>, is_open: bool) {
		let (to, amount) = (share.to.clone(), share.amount);
		if is_open {
			let again = T::DeadlineClock::now().saturating_add(RETRY);
			let key = (again.to_be_bytes(), asset.to_be_bytes(), batch);
			// It has room: a batch is not larger afterwards than before.
			let _ = PendingBatches::<T>::try_append(key, share).defensive();
		}
		Self::report(PointsInconsistency::Award { asset, to, amount });
	}

	/// Take `amount` off what is pending for `to`, or for whoever recovered the account since; returns that
	/// one.
	pub(crate) fn take_pending(
		asset: AssetId,
		to: T::AccountId,
		amount: Points,
	) -> Result<T::AccountId, DispatchError> {
		let (mut holder, mut left) = (to, amount);
		for _ in 0..MAX_SUCCESSIONS {
			PendingOf::<T>::try_mutate_exists(&holder, asset, |slot| {
				let mut pending = slot.unwrap_or_default();
				let taken = pending.min(left);
				pending.ensure_sub_assign(taken)?;
				left.ensure_sub_assign(taken)?;
				*slot = (pending > 0).then_some(pending);
				Ok::<_, DispatchError>(())
			})?;
			let Some(successor) = T::Customers::successor(&holder) else { break };
			holder = successor;
		}
		if left > 0 {
			defensive!("less is pending for an account than its awards", asset);
			return Err(Error::<T>::Inconsistent.into());
		}
		Ok(holder)
	}
}

/// Batches of awards that can be used.
struct DueAwards<T> {
	/// How many more awards are made usable.
	left: u32,
	matured: u32,
	runtime: PhantomData<T>,
}

impl<T: Config> DueQueue for DueAwards<T> {
	type Entry = PendingKey;
	type Item = PendingAwards<T::AccountId>;

	fn peek_weight(&self) -> Weight {
		T::WeightInfo::mature(0)
	}

	fn peek(&mut self) -> Option<Self::Entry> {
		let (matures, asset, batch) = PendingBatches::<T>::iter_keys().next().filter(|_| self.left > 0)?;
		(Moment::from_be_bytes(matures) <= T::DeadlineClock::now()).then_some((matures, asset, batch))
	}

	/// `peek` weighs all that is done once.
	fn load_weight(&self) -> Weight {
		Weight::zero()
	}

	fn load(&self, entry: &Self::Entry) -> Option<Self::Item> {
		PendingBatches::<T>::get(entry)
	}

	fn weigh(&self, _: &Self::Item) -> Weight {
		Weight::zero()
	}

	fn remove(&mut self, entry: &Self::Entry) {
		PendingBatches::<T>::remove(entry);
	}

	fn serve(
		&mut self,
		entry: &Self::Entry,
		shares: &mut Self::Item,
		meter: &mut WeightMeter,
	) -> DispatchResult {
		let (_, asset, batch) = *entry;
		let asset = AssetId::from_be_bytes(asset);
		let is_open = Pallet::<T>::is_listed(asset);
		let each = T::WeightInfo::mature(1).saturating_sub(T::WeightInfo::mature(0));
		while self.left > 0 && !shares.is_empty() && meter.try_consume(each).is_ok() {
			let Some(share) = shares.pop() else { break };
			self.left -= 1;
			self.matured += 1;
			if with_storage_layer(|| Pallet::<T>::mature_share(asset, &share, is_open)).is_err() {
				Pallet::<T>::postpone_share(asset, batch, share, is_open);
			}
		}
		if !shares.is_empty() {
			PendingBatches::<T>::insert(entry, shares);
			self.left = 0;
		}
		Ok(())
	}

	fn failed(&mut self, (_, asset, batch): Self::Entry, _: Option<Self::Item>, _: DispatchError) {
		let (asset, batch) = (AssetId::from_be_bytes(asset), u64::from_be_bytes(batch));
		Pallet::<T>::report(PointsInconsistency::Awards { asset, batch });
	}
}

impl<T: Config> Holdings<T::AccountId> for Pallet<T> {
	fn value(account: &T::AccountId, asset: AssetId) -> Money {
		let Ok((program, vintage)) = Self::open(asset) else { return 0 };
		let rate = LiabilityOf::<T>::get(program.issuer).rate();
		let points = T::Assets::balance(asset, account).ensure_add(PendingOf::<T>::get(account, asset));
		points.and_then(|points| math::pays(points, vintage.face_value, rate)).defensive_unwrap_or_default()
	}

	fn move_all(from: &T::AccountId, to: &T::AccountId, asset: AssetId) -> Result<Money, DispatchError> {
		if Self::open(asset).is_err() {
			return Ok(0);
		}
		let value = Self::value(from, asset);
		let points = T::Assets::balance(asset, from);
		if points > 0 {
			// It stays with the same person, and what is halted is halted there too.
			T::Halts::without_halts(|| {
				T::Assets::transfer(asset, from, to, points, Preservation::Expendable)
			})?;
		}
		let pending = PendingOf::<T>::take(from, asset);
		if pending > 0 {
			PendingOf::<T>::try_mutate(to, asset, |sum| sum.ensure_add_assign(pending))?;
		}
		Ok(value)
	}
}
