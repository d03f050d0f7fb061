//! Awards that cannot be used yet: held back, made usable, moved.

use crate::{math, pallet::*, types::*, weights::WeightInfo};
use alloc::vec::Vec;
use frame_support::{
	defensive,
	traits::{
		fungibles::{Inspect, Mutate},
		tokens::Preservation,
		ConstU32,
	},
	weights::WeightMeter,
};
use hanse_primitives::{
	program_of, AssetId, Balance, Clock, Customers, Halts, Holdings, Moment, MAX_AWARDS, MAX_SUCCESSIONS,
};
use sp_runtime::{BoundedVec, DispatchError};

impl<T: Config> Pallet<T> {
	/// Remember who is to get what later; returns the number of the batch.
	pub(crate) fn hold_back(
		matures: Moment,
		asset: AssetId,
		shares: Vec<Share<T::AccountId>>,
		total: Balance,
	) -> Result<u64, DispatchError> {
		for Share { to, amount, .. } in &shares {
			PendingOf::<T>::try_mutate(to, asset, |pending| Self::grow(pending, *amount))?;
		}
		PendingTotal::<T>::try_mutate(asset, |pending| Self::grow(pending, total))?;
		let batch = Self::next_batch();
		let key = (matures.to_be_bytes(), asset.to_be_bytes(), batch.to_be_bytes());
		Pending::<T>::insert(key, BoundedVec::<_, ConstU32<MAX_AWARDS>>::truncate_from(shares));
		Ok(batch)
	}

	/// Make usable what is due, in its order, up to `limit` awards and as far as `meter` allows; returns
	/// how many.
	pub(crate) fn mature_due(limit: u32, meter: &mut WeightMeter) -> u32 {
		let now = T::Clock::now();
		let base = T::WeightInfo::mature(0);
		let each = T::WeightInfo::mature(1).saturating_sub(base);
		let mut matured = 0;
		while matured < limit && meter.try_consume(base).is_ok() {
			let Some(key) = Pending::<T>::iter_keys().next() else { break };
			let (matures, asset) = (Moment::from_be_bytes(key.0), AssetId::from_be_bytes(key.1));
			if matures > now {
				break;
			}
			let Some(mut shares) = Pending::<T>::get(key) else { break };
			let is_open = Programs::<T>::get(program_of(asset))
				.is_some_and(|program| program.vintages.iter().any(|vintage| vintage.asset == asset));
			while matured < limit && meter.try_consume(each).is_ok() {
				let Some(share) = shares.pop() else { break };
				Self::mature_share(asset, share, is_open);
				matured += 1;
			}
			match shares.is_empty() {
				true => Pending::<T>::remove(key),
				false => {
					Pending::<T>::insert(key, shares);
					break;
				},
			}
		}
		matured
	}

	fn mature_share(asset: AssetId, Share { to, amount, .. }: Share<T::AccountId>, is_open: bool) {
		// It was taken back.
		if amount == 0 {
			return;
		}
		let to = Self::settle_pending(asset, to, amount);
		// What was pending when its vintage expired was booked as breakage with it.
		if !is_open {
			return;
		}
		PendingTotal::<T>::mutate(asset, |pending| *pending = pending.saturating_sub(amount));
		match T::Assets::mint_into(asset, &to, amount) {
			Ok(_) => Self::deposit_event(Event::PointsMatured { asset, to, amount }),
			Err(_) => {
				defensive!("points of an open vintage could not be minted", asset);
			},
		}
	}

	/// Take `amount` off what is pending for `to`, or for whoever recovered the account since; returns that
	/// one.
	pub(crate) fn settle_pending(asset: AssetId, to: T::AccountId, amount: Balance) -> T::AccountId {
		let (mut holder, mut left) = (to, amount);
		for _ in 0..MAX_SUCCESSIONS {
			PendingOf::<T>::mutate_exists(&holder, asset, |pending| {
				let held = pending.unwrap_or_default();
				let taken = held.min(left);
				left -= taken;
				*pending = Some(held - taken).filter(|rest| *rest > 0);
			});
			let Some(successor) = T::Customers::successor(&holder) else { break };
			holder = successor;
		}
		if left > 0 {
			defensive!("less is pending for an account than its awards", asset);
		}
		holder
	}
}

impl<T: Config> Holdings<T::AccountId> for Pallet<T> {
	fn value(account: &T::AccountId, asset: AssetId) -> Balance {
		let Some(program) = Programs::<T>::get(program_of(asset)) else { return 0 };
		let Some(vintage) = program.find(asset, T::Clock::now()) else { return 0 };
		let points = T::Assets::balance(asset, account).saturating_add(PendingOf::<T>::get(account, asset));
		math::pays(points, vintage.face_value, program.rate()).unwrap_or(Balance::MAX)
	}

	fn move_all(from: &T::AccountId, to: &T::AccountId, asset: AssetId) -> Result<Balance, DispatchError> {
		let now = T::Clock::now();
		if Programs::<T>::get(program_of(asset)).is_none_or(|program| program.find(asset, now).is_none()) {
			return Ok(0);
		}
		let value = Self::value(from, asset);
		let points = T::Assets::balance(asset, from);
		if points > 0 {
			// It stays with the same person, and what is halted is halted there too.
			T::Halts::set_aside(|| T::Assets::transfer(asset, from, to, points, Preservation::Expendable))?;
		}
		let pending = PendingOf::<T>::take(from, asset);
		if pending > 0 {
			PendingOf::<T>::try_mutate(to, asset, |sum| Self::grow(sum, pending))?;
		}
		Ok(value)
	}
}
