//! Awards for orders: each order is served once, whatever open era a retry names.

use crate::{
	impls::{Held, MadeIn, Minting},
	math,
	pallet::*,
	types::*,
	weights::WeightInfo,
};
use alloc::{collections::btree_set::BTreeSet, vec::Vec};
use codec::Encode;
use frame_support::{
	defensive, ensure,
	traits::{ConstU32, Get},
	weights::WeightMeter,
};
use hanse_primitives::{
	Balance, Clock, Customers, EraIndex, Eras, Halts, InstitutionId, Members, Order, ProgramId, Sanctions,
	MAX_AWARDS,
};
use sp_core::H256;
use sp_runtime::{BoundedVec, DispatchError, DispatchResult};

/// Lists of served orders that one block looks at at most, and orders that it forgets.
const MAX_LISTS_PER_BLOCK: u32 = 500;
const MAX_RECORDS_PER_BLOCK: u64 = 500;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_issue(
		issuer: InstitutionId,
		id: ProgramId,
		to: T::AccountId,
		amount: Balance,
		order: Order,
	) -> DispatchResult {
		let mut program = Self::may_award(issuer, id, order.era)?;
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		ensure!(!Awarded::<T>::contains_key(id, order.commitment), Error::<T>::AlreadyIssued);
		let share = Share { to: T::Customers::heir(&to), amount, cancelled: 0 };
		let to = share.to.clone();
		let MadeIn { asset, held } = Self::award(id, &mut program, [share].to_vec(), &[order.commitment])?;
		let matures = held.map(|held| T::Clock::wall(held.matures));
		Self::deposit_event(Event::PointsIssued {
			program: id,
			asset,
			to,
			amount,
			order: order.commitment,
			matures,
		});
		Ok(())
	}

	pub(crate) fn do_issue_batch(
		issuer: InstitutionId,
		id: ProgramId,
		era: EraIndex,
		awards: &[Award<T::AccountId>],
	) -> DispatchResult {
		let mut program = Self::may_award(issuer, id, era)?;
		ensure!(!awards.is_empty(), Error::<T>::NoAwards);
		let batch = H256(sp_io::hashing::blake2_256(&awards.encode()));
		let (mut seen, mut total) = (BTreeSet::new(), 0);
		let (mut shares, mut orders, mut skipped) =
			(Vec::with_capacity(awards.len()), Vec::new(), Vec::new());
		for (place, Award { to, amount, order }) in (0u16..).zip(awards) {
			let is_good = *amount > 0 && Self::grow(&mut total, *amount).is_ok();
			ensure!(is_good, Error::<T>::BadAward(place));
			if !seen.insert(order) || Awarded::<T>::contains_key(id, order) {
				skipped.push(Skipped { place, order: *order });
				continue;
			}
			shares.push(Share { to: T::Customers::heir(to), amount: *amount, cancelled: 0 });
			orders.push(*order);
		}
		if !shares.is_empty() {
			let (count, amount) = (shares.len() as u32, shares.iter().map(|share| share.amount).sum());
			let MadeIn { asset, held } = Self::award(id, &mut program, shares, &orders)?;
			let matures = held.map(|held| T::Clock::wall(held.matures));
			Self::deposit_event(Event::BatchIssued {
				program: id,
				asset,
				batch,
				awards: count,
				amount,
				matures,
			});
		}
		if !skipped.is_empty() {
			Self::deposit_event(Event::AwardsSkipped { program: id, batch, skipped });
		}
		Ok(())
	}

	/// The program of `id`, if `issuer` may award points of it for orders of `era`.
	fn may_award(issuer: InstitutionId, id: ProgramId, era: EraIndex) -> Result<Program, DispatchError> {
		Self::ensure_may_make(issuer, id)?;
		let program = Self::own(issuer, id)?;
		ensure!(T::Eras::takes_orders(era), Error::<T>::EraNotOpen);
		Ok(program)
	}

	/// Fails by name while an institution may not make points of its program.
	pub(crate) fn ensure_may_make(issuer: InstitutionId, id: ProgramId) -> DispatchResult {
		T::Members::ensure_active(issuer)?;
		T::Sanctions::ensure_may_issue(issuer)?;
		T::Halts::ensure_may_make(id)
	}

	/// Make `shares` in the vintage of the current period, and remember the orders that they are for.
	fn award(
		id: ProgramId,
		program: &mut Program,
		shares: Vec<Share<T::AccountId>>,
		orders: &[H256],
	) -> Result<MadeIn, DispatchError> {
		let total = shares.iter().map(|share| share.amount).sum();
		let issuer = program.issuer;
		let before = Outstanding::<T>::get(issuer);
		let made = Self::mint(id, Minting { shares, total, program })?;
		Self::count_growth(issuer, before)?;
		FlowsOf::<T>::try_mutate(id, |flows| Self::grow(&mut flows.issued, total))?;
		let MadeIn { asset, held } = made;
		let era = T::Eras::current();
		for (share, order) in (0u16..).zip(orders) {
			let stage = held.map_or(Stage::Minted, |Held { matures, batch }| Stage::Pending {
				matures,
				batch,
				share,
			});
			Awarded::<T>::insert(id, order, Served { era, asset, stage });
		}
		let list = BoundedVec::<H256, ConstU32<MAX_AWARDS>>::truncate_from(orders.to_vec());
		let number = match held {
			Some(held) => held.batch,
			None => Self::next_batch(),
		};
		let served = ServedBatch { program: id, matures: held.map(|held| held.matures), orders: list };
		ServedIn::<T>::insert((era.to_be_bytes(), number.to_be_bytes()), served);
		Ok(made)
	}

	/// A number that no batch of awards had before.
	pub(crate) fn next_batch() -> u64 {
		LastBatch::<T>::mutate(|last| {
			*last = last.saturating_add(1);
			*last
		})
	}

	pub(crate) fn do_cancel(
		issuer: InstitutionId,
		id: ProgramId,
		order: H256,
		total: Balance,
	) -> DispatchResult {
		let program = Self::own(issuer, id)?;
		let mut served = Awarded::<T>::get(id, order).ok_or(Error::<T>::NotPending)?;
		let now = T::Clock::now();
		let Stage::Pending { matures, batch, share } = served.stage else {
			return Err(Error::<T>::NotPending.into());
		};
		let asset = served.asset;
		let vintage = program.find(asset, now).ok_or(Error::<T>::NotPending)?;
		ensure!(matures > now, Error::<T>::NotPending);
		let key = (matures.to_be_bytes(), asset.to_be_bytes(), batch.to_be_bytes());
		let mut shares = Pending::<T>::get(key).ok_or(Error::<T>::NotPending)?;
		let share = shares.get_mut(usize::from(share)).ok_or(Error::<T>::NotPending)?;
		let awarded = share.amount.saturating_add(share.cancelled);
		ensure!(total > 0, Error::<T>::ZeroAmount);
		ensure!(total <= awarded, Error::<T>::MoreThanAwarded);
		let amount = total.saturating_sub(share.cancelled);
		if amount == 0 {
			return Ok(());
		}

		let value = math::value_of(amount, vintage.face_value).ok_or(Error::<T>::OverLiabilityCap)?;
		Self::shrink(&mut share.amount, amount)?;
		share.cancelled = total;
		let (is_whole, to) = (share.amount == 0, share.to.clone());
		Pending::<T>::insert(key, shares);
		if is_whole {
			served.stage = Stage::Cancelled;
			Awarded::<T>::insert(id, order, served);
		}
		let from = Self::settle_pending(asset, to, amount);
		PendingTotal::<T>::try_mutate(asset, |pending| Self::shrink(pending, amount))?;
		FlowsOf::<T>::try_mutate(id, |flows| Self::grow(&mut flows.cancelled, amount))?;
		Self::lapse(issuer, value)?;
		Self::deposit_event(Event::AwardCancelled { program: id, asset, from, order, amount });
		Ok(())
	}

	/// What became of orders.
	pub(crate) fn read_awarded(id: ProgramId, orders: &[H256]) -> Vec<Option<OrderStatus>> {
		let status = |order: &H256| {
			let Served { era, asset, stage } = Awarded::<T>::get(id, order)?;
			let place = match stage {
				Stage::Minted => AwardPlace::Minted,
				Stage::Cancelled => AwardPlace::Cancelled,
				Stage::Pending { matures, batch, share } => {
					let key = (matures.to_be_bytes(), asset.to_be_bytes(), batch.to_be_bytes());
					let shares = Pending::<T>::get(key).unwrap_or_default();
					shares.get(usize::from(share)).map_or(AwardPlace::Minted, |share| AwardPlace::Pending {
						amount: share.amount,
						until: T::Clock::wall(matures),
					})
				},
			};
			Some(OrderStatus { era, asset, place })
		};
		orders.iter().map(status).collect()
	}

	/// Forget orders that could not be placed again anyway, since the era in which they were served takes none,
	/// and whose award is not pending, as far as `meter` allows.
	pub(crate) fn forget_orders(meter: &mut WeightMeter) {
		let now = T::Clock::now();
		let (list, each) = (T::WeightInfo::look_at_list(), T::WeightInfo::drop_record());
		let mut left = MAX_RECORDS_PER_BLOCK;
		for _ in 0..MAX_LISTS_PER_BLOCK {
			if meter.try_consume(T::DbWeight::get().reads(2)).is_err() {
				return;
			}
			let Some(key) = ServedIn::<T>::iter_keys().next() else { return };
			if T::Eras::takes_orders(EraIndex::from_be_bytes(key.0)) || meter.try_consume(list).is_err() {
				return;
			}
			let Some(mut served) = ServedIn::<T>::take(key) else {
				defensive!("a list of orders that is not there");
				return;
			};
			// The till names an award by its order as long as it can be taken back.
			if served.matures.is_some_and(|matures| matures > now) {
				ServedIn::<T>::insert((T::Eras::current().to_be_bytes(), key.1), served);
				continue;
			}
			while left > 0 && meter.try_consume(each).is_ok() {
				let Some(order) = served.orders.pop() else { break };
				Awarded::<T>::remove(served.program, order);
				left -= 1;
			}
			if !served.orders.is_empty() {
				ServedIn::<T>::insert(key, served);
				return;
			}
		}
	}
}
