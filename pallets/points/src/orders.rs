//! Awards for orders: each order is served once, whatever open era a retry names.

use crate::{
	math,
	minting::{Held, MadeIn, Minting},
	pallet::*,
	types::*,
	weights::WeightInfo,
};
use alloc::{collections::btree_set::BTreeSet, vec::Vec};
use codec::Encode;
use core::marker::PhantomData;
use frame_support::{
	ensure,
	traits::{ConstU32, Get},
	weights::{Weight, WeightMeter},
};
use hanse_primitives::{
	due::{self, DueQueue},
	math::excess,
	Customers, DeadlineClock, EraIndex, Eras, Halts, InstitutionId, Liabilities, Members, Order, Points,
	ProgramId, Sanctions, MAX_AWARDS,
};
use sp_core::H256;
use sp_runtime::{
	traits::{EnsureAdd, EnsureAddAssign, EnsureSubAssign},
	BoundedVec, DispatchError, DispatchResult,
};

/// Lists of served orders that one block checks at most, and orders that it forgets.
const MAX_LISTS_PER_BLOCK: u32 = 500;
const MAX_RECORDS_PER_BLOCK: u32 = 500;

/// Awards whose orders were not served before, and the others.
struct Sorted<AccountId> {
	shares: Vec<PendingAward<AccountId>>,
	orders: Vec<H256>,
	/// Smallest units of the shares.
	total: Points,
	skipped: Vec<Skipped>,
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_issue(
		issuer: InstitutionId,
		id: ProgramId,
		to: T::AccountId,
		amount: Points,
		order: Order,
	) -> DispatchResult {
		let mut program = Self::may_award(issuer, id, order.era)?;
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		let order = order.commitment;
		ensure!(!AwardedOrders::<T>::contains_key(id, order), Error::<T>::AlreadyIssued);
		let to = T::Customers::current_account(&to);
		let shares = [PendingAward { to: to.clone(), amount, cancelled: 0 }].to_vec();
		let minting = Minting { shares, total: amount, program: &mut program };
		let MadeIn { asset, held } = Self::award(id, minting, &[order])?;
		let matures = held.map(|held| T::DeadlineClock::wall_time(held.matures));
		Self::deposit_event(Event::PointsIssued { program: id, asset, to, amount, order, matures });
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
		let Sorted { shares, orders, total, skipped } = Self::sort_awards(id, awards)?;
		if !shares.is_empty() {
			let minting = Minting { shares, total, program: &mut program };
			let MadeIn { asset, held } = Self::award(id, minting, &orders)?;
			let matures = held.map(|held| T::DeadlineClock::wall_time(held.matures));
			let awards = orders.len() as u32;
			Self::deposit_event(Event::BatchIssued {
				program: id,
				asset,
				batch,
				awards,
				amount: total,
				matures,
			});
		}
		if !skipped.is_empty() {
			Self::deposit_event(Event::AwardsSkipped { program: id, batch, skipped });
		}
		Ok(())
	}

	/// Which of `awards` are for orders that were not served before. Fails with the place of one that is of nothing,
	/// or with which all of them are more than there can be.
	fn sort_awards(
		id: ProgramId,
		awards: &[Award<T::AccountId>],
	) -> Result<Sorted<T::AccountId>, DispatchError> {
		let mut seen = BTreeSet::new();
		let mut sorted = Sorted {
			shares: Vec::with_capacity(awards.len()),
			orders: Vec::new(),
			total: 0,
			skipped: Vec::new(),
		};
		for (place, Award { to, amount, order }) in (0u16..).zip(awards) {
			ensure!(*amount > 0, Error::<T>::BadAward(place));
			if !seen.insert(order) || AwardedOrders::<T>::contains_key(id, order) {
				sorted.skipped.push(Skipped { place, order: *order });
				continue;
			}
			sorted.total.ensure_add_assign(*amount).map_err(|_| Error::<T>::BadAward(place))?;
			sorted.shares.push(PendingAward {
				to: T::Customers::current_account(to),
				amount: *amount,
				cancelled: 0,
			});
			sorted.orders.push(*order);
		}
		Ok(sorted)
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

	/// Make points in the vintage of the current period, and remember the orders that they are for, of each share
	/// one.
	fn award(id: ProgramId, minting: Minting<T>, orders: &[H256]) -> Result<MadeIn, DispatchError> {
		let (issuer, total) = (minting.program.issuer, minting.total);
		let before = Self::outstanding(issuer);
		let made = Self::mint(id, minting)?;
		Self::count_growth(issuer, before)?;
		FlowsOf::<T>::try_mutate(id, |flows| flows.issued.ensure_add_assign(total))?;
		let MadeIn { asset, held } = made;
		let era = T::Eras::current();
		for (share, order) in (0u16..).zip(orders) {
			let stage = held.map_or(AwardStage::Minted, |Held { matures, batch }| AwardStage::Pending {
				matures,
				batch,
				share,
			});
			AwardedOrders::<T>::insert(id, order, AwardedOrder { era, asset, stage });
		}
		let number = match held {
			Some(held) => held.batch,
			None => Self::next_batch(),
		};
		let orders = BoundedVec::<H256, ConstU32<MAX_AWARDS>>::truncate_from(orders.to_vec());
		let served = AwardBatch { program: id, matures: held.map(|held| held.matures), orders };
		AwardBatchesByEra::<T>::insert((era.to_be_bytes(), number.to_be_bytes()), served);
		Ok(made)
	}

	/// A number that no batch of awards had before.
	pub(crate) fn next_batch() -> u64 {
		LastBatch::<T>::mutate(|last| {
			*last = last.saturating_add(1);
			*last
		})
	}

	pub(crate) fn do_cancel_award(
		issuer: InstitutionId,
		id: ProgramId,
		order: H256,
		total: Points,
	) -> DispatchResult {
		let program = Self::own(issuer, id)?;
		let mut served = AwardedOrders::<T>::get(id, order).ok_or(Error::<T>::NotPending)?;
		let now = T::DeadlineClock::now();
		let AwardStage::Pending { matures, batch, share } = served.stage else {
			return Err(Error::<T>::NotPending.into());
		};
		let asset = served.asset;
		let vintage = program.find(asset, now).ok_or(Error::<T>::NotPending)?;
		ensure!(matures > now, Error::<T>::NotPending);
		let key = pending_key(matures, asset, batch);
		let mut shares = PendingBatches::<T>::get(key).ok_or(Error::<T>::NotPending)?;
		let share = shares.get_mut(usize::from(share)).ok_or(Error::<T>::NotPending)?;
		let amount = Self::still_to_cancel(share, total)?;
		if amount == 0 {
			return Ok(());
		}

		let value = math::value_of(amount, vintage.face_value)?;
		share.amount.ensure_sub_assign(amount)?;
		share.cancelled = total;
		let (is_whole, to) = (share.amount == 0, share.to.clone());
		PendingBatches::<T>::insert(key, shares);
		if is_whole {
			served.stage = AwardStage::Cancelled;
			AwardedOrders::<T>::insert(id, order, served);
		}
		let from = Self::take_pending(asset, to, amount)?;
		PendingTotal::<T>::try_mutate(asset, |pending| pending.ensure_sub_assign(amount))?;
		FlowsOf::<T>::try_mutate(id, |flows| flows.cancelled.ensure_add_assign(amount))?;
		Self::book_lapsed(issuer, value)?;
		Self::deposit_event(Event::AwardCancelled { program: id, asset, from, order, amount });
		Ok(())
	}

	/// The smallest units that are taken back of an award, if it is to be `total` in all.
	fn still_to_cancel(share: &PendingAward<T::AccountId>, total: Points) -> Result<Points, DispatchError> {
		let awarded = share.amount.ensure_add(share.cancelled)?;
		ensure!(total > 0, Error::<T>::ZeroAmount);
		ensure!(total <= awarded, Error::<T>::MoreThanAwarded);
		// A repeat of less takes nothing back.
		Ok(excess(total, share.cancelled))
	}

	/// What became of orders.
	pub(crate) fn read_awarded(id: ProgramId, orders: &[H256]) -> Vec<Option<OrderStatus>> {
		let status = |order: &H256| {
			let AwardedOrder { era, asset, stage } = AwardedOrders::<T>::get(id, order)?;
			let place = match stage {
				AwardStage::Minted => AwardPlace::Minted,
				AwardStage::Cancelled => AwardPlace::Cancelled,
				AwardStage::Pending { matures, batch, share } => {
					let shares =
						PendingBatches::<T>::get(pending_key(matures, asset, batch)).unwrap_or_default();
					shares.get(usize::from(share)).map_or(AwardPlace::Minted, |share| AwardPlace::Pending {
						amount: share.amount,
						until: T::DeadlineClock::wall_time(matures),
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
		let mut queue = PastOrders::<T> { left: MAX_RECORDS_PER_BLOCK, runtime: PhantomData };
		due::serve(&mut queue, MAX_LISTS_PER_BLOCK, meter);
	}
}

/// Lists of orders that nobody can place again, by the era in which they were served.
struct PastOrders<T> {
	/// How many more orders are forgotten in this block.
	left: u32,
	runtime: PhantomData<T>,
}

impl<T: Config> DueQueue for PastOrders<T> {
	type Entry = ([u8; 4], [u8; 8]);
	type Item = AwardBatch;

	/// Reads `AwardBatchesByEra` and the era's clock.
	fn peek_weight(&self) -> Weight {
		T::DbWeight::get().reads(2)
	}

	fn peek(&mut self) -> Option<Self::Entry> {
		let (era, number) = AwardBatchesByEra::<T>::iter_keys().next().filter(|_| self.left > 0)?;
		(!T::Eras::takes_orders(EraIndex::from_be_bytes(era))).then_some((era, number))
	}

	fn load_weight(&self) -> Weight {
		T::WeightInfo::look_at_list()
	}

	fn load(&self, entry: &Self::Entry) -> Option<Self::Item> {
		AwardBatchesByEra::<T>::get(entry)
	}

	fn weigh(&self, _: &Self::Item) -> Weight {
		Weight::zero()
	}

	fn remove(&mut self, entry: &Self::Entry) {
		AwardBatchesByEra::<T>::remove(entry);
	}

	fn serve(
		&mut self,
		&(era, batch): &Self::Entry,
		served: &mut Self::Item,
		meter: &mut WeightMeter,
	) -> DispatchResult {
		// The till names an award by its order as long as it can be taken back.
		if served.matures.is_some_and(|matures| matures > T::DeadlineClock::now()) {
			AwardBatchesByEra::<T>::insert((T::Eras::current().to_be_bytes(), batch), served);
			return Ok(());
		}
		while self.left > 0 && meter.try_consume(T::WeightInfo::drop_record()).is_ok() {
			let Some(order) = served.orders.pop() else { return Ok(()) };
			AwardedOrders::<T>::remove(served.program, order);
			self.left -= 1;
		}
		if !served.orders.is_empty() {
			AwardBatchesByEra::<T>::insert((era, batch), served);
			self.left = 0;
		}
		Ok(())
	}

	fn failed(&mut self, (_, batch): Self::Entry, _: Option<Self::Item>, _: DispatchError) {
		Pallet::<T>::report(PointsInconsistency::Orders { batch: u64::from_be_bytes(batch) });
	}
}
