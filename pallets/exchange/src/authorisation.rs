//! Payments in two steps: a customer authorises; the merchant captures, in parts if it wants; the rest comes back.

use crate::{
	math,
	pallet::*,
	pay::{BurnedLegs, Charge, Issuers, Slice, TakenOrder},
	types::*,
	weights::WeightInfo,
	RETRY,
};
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_support::{
	ensure,
	traits::{ConstU32, Get},
	weights::{Weight, WeightMeter},
};
use hanse_primitives::{
	due::{self, DueQueue},
	program_of, Burn, Clearing, Customers, DeadlineClock, Funding, InstitutionId, Moment, Money, Order,
	Points, PointsLedger, MAX_BURNS, MAX_CAPTURES, MAX_LEGS,
};
use sp_runtime::{
	traits::{EnsureAdd, EnsureSub},
	ArithmeticError, BoundedVec, DispatchError, DispatchResult,
};

/// Authorisations that one block ends at most.
const MAX_ENDED_PER_BLOCK: u32 = 16;
/// Burns of them that come back in one block at most: those of one authorisation, whatever their number.
const MAX_ENDED_BURNS: u32 = MAX_BURNS;

impl<T: Config> Pallet<T> {
	/// Returns the number of burns.
	pub(crate) fn do_authorize(
		payer: T::AccountId,
		merchant: InstitutionId,
		order: Order,
		price: Money,
		legs: &[Leg],
	) -> Result<u32, DispatchError> {
		let today = Self::today();
		let TakenOrder { key, window } = Self::take_order(&payer, merchant, order, price, &today)?;
		let PaymentRules { authorisation: lasting, interchange, .. } = today.rules;
		let BurnedLegs { burns, mut issuers } = Self::burn_legs(&payer, merchant, price, legs, lasting)?;
		let slice = Slice::whole(price, interchange);
		let parts = Self::allocate(merchant, burns.iter(), slice, &mut issuers)?;
		let earmarks = Self::earmark_charges(merchant, &parts, &mut issuers)?;
		let burns = Self::hold_burns(burns)?;
		let count = burns.len() as u32;

		let deadline = T::DeadlineClock::now().saturating_add(lasting);
		let (captured, captures) = (0, 0);
		let authorisation =
			Authorisation { price, captured, captures, deadline, interchange, burns, earmarks };
		Authorisations::<T>::insert(&key, authorisation);
		AuthorisationDeadlines::<T>::insert(deadline.to_be_bytes(), &key, ());
		// Its receipt, which grows. What is captured can be refunded as long as more may be captured.
		let closes = Self::closing(&today).saturating_add(lasting);
		let receipt = Receipt::new(order.era, today.eras.current, closes, window);
		Receipts::<T>::insert(key, Receipt { authorised: true, ..receipt });
		let deadline = T::DeadlineClock::wall_time(deadline);
		Self::deposit_event(Event::PaymentAuthorised { merchant, payer, order, price, deadline });
		Ok(count)
	}

	/// Keep of lines and reserves what the issuers of `parts` may owe.
	fn earmark_charges(
		merchant: InstitutionId,
		parts: &[Part],
		issuers: &mut Issuers,
	) -> Result<BoundedVec<IssuerEarmark, ConstU32<MAX_LEGS>>, DispatchError> {
		let mut earmarks = Vec::new();
		for Charge { issuer, net, interchange } in Self::charges(merchant, parts, issuers)? {
			let earmark = T::Clearing::earmark(issuer, merchant, net)?;
			T::Clearing::accrue(issuer, interchange)?;
			earmarks.push(IssuerEarmark { issuer, earmark, interchange });
		}
		earmarks.try_into().map_err(|_| ArithmeticError::Overflow.into())
	}

	/// Count burns as authorised.
	fn hold_burns(
		burns: Vec<Burn>,
	) -> Result<BoundedVec<AuthorisedBurn, ConstU32<MAX_BURNS>>, DispatchError> {
		let mut held = Vec::with_capacity(burns.len());
		for burn in burns {
			let face_value = T::Points::authorise(burn.asset, burn.points)?;
			held.push(AuthorisedBurn { burn, face_value });
		}
		held.try_into().map_err(|_| ArithmeticError::Overflow.into())
	}

	/// Take `value` more; if this is the `last` time, or all, the rest goes back. Returns the number of burns.
	pub(crate) fn do_capture(
		merchant: InstitutionId,
		payer: T::AccountId,
		order: Order,
		value: Money,
		last: bool,
	) -> Result<u32, DispatchError> {
		ensure!(value > 0, Error::<T>::ZeroAmount);
		let key = ReceiptKey::of(merchant, payer.clone(), order);
		let mut authorisation = Authorisations::<T>::get(&key).ok_or(Error::<T>::NotFound)?;
		ensure!(T::DeadlineClock::now() < authorisation.deadline, Error::<T>::AuthorisationOver);
		let Authorisation { price, captured: before, captures, .. } = authorisation;
		let after = before.checked_add(value).ok_or(Error::<T>::CaptureTooLarge)?;
		ensure!(after <= price, Error::<T>::CaptureTooLarge);
		let is_last = last || after == price;
		ensure!(is_last || captures.saturating_add(1) < MAX_CAPTURES, Error::<T>::MaxCapturesExceeded);
		let mut receipt = Receipts::<T>::get(&key).ok_or(Error::<T>::NotFound)?;
		let order = key.order(receipt.era);

		let parts = Self::charge_capture(merchant, &mut authorisation, after, is_last)?;
		let count = authorisation.burns.len() as u32;
		receipt.price = after;
		for part in parts {
			receipt.parts.try_push(part).map_err(|_| ArithmeticError::Overflow)?;
		}
		let left = if is_last { 0 } else { price.ensure_sub(after)? };
		if is_last {
			Self::end(key, &authorisation, receipt, true)?;
		} else {
			Authorisations::<T>::insert(&key, authorisation);
			Receipts::<T>::insert(key, receipt);
		}
		Self::deposit_event(Event::PaymentCaptured { merchant, payer, order, value, left });
		Ok(count)
	}

	/// Take an authorisation up to `after` micro-units of its price: what of the points that is, is not authorised
	/// any more, and their issuers owe for it. Returns what was taken.
	fn charge_capture(
		merchant: InstitutionId,
		authorisation: &mut Authorisation,
		after: Money,
		is_last: bool,
	) -> Result<Vec<Part>, DispatchError> {
		let Authorisation { captured: before, captures: capture, interchange, .. } = *authorisation;
		let burns = authorisation.burns.iter().map(|held| &held.burn);
		let slice = Slice { from: before, to: after, interchange, capture, is_last };
		let mut issuers = Issuers::default();
		let parts = Self::allocate(merchant, burns, slice, &mut issuers)?;
		let taken = |captured| Taken { captured, in_the_end: true };
		for (held, points) in authorisation.beyond(taken(before), taken(after)) {
			Self::unauthorise(held, points)?;
		}
		for Charge { issuer, net, interchange } in Self::charges(merchant, &parts, &mut issuers)? {
			let earmarks = authorisation.earmarks.iter_mut().find(|earmarks| earmarks.issuer == issuer);
			let earmark = earmarks.ok_or(Error::<T>::NotFound)?.take(net, interchange)?;
			T::Clearing::release_earmark(issuer, merchant, earmark)?;
			T::Clearing::owe(issuer, merchant, net)?;
			// What was accrued for it stays accrued: it is the receipt's now.
		}
		(authorisation.captured, authorisation.captures) = (after, capture.ensure_add(1)?);
		Ok(parts)
	}

	/// End an authorisation: `by` the merchant at any time, by anybody when its time is over. Returns the
	/// number of burns.
	pub(crate) fn do_void(
		by: Option<InstitutionId>,
		key: ReceiptKey<T::AccountId>,
	) -> Result<u32, DispatchError> {
		let authorisation = Authorisations::<T>::get(&key).ok_or(Error::<T>::NotFound)?;
		let is_over = T::DeadlineClock::now() >= authorisation.deadline;
		ensure!(is_over || by == Some(key.merchant), Error::<T>::AuthorisationRuns);
		let mut receipt = Receipts::<T>::get(&key).ok_or(Error::<T>::NotFound)?;
		let order = key.order(receipt.era);
		let Authorisation { price, captured, captures, .. } = authorisation;
		// Of what was captured, and not all refunded, the smallest unit that is still to be taken.
		let is_owed = receipt.left()? > 0;
		let taken = |in_the_end| Taken { captured, in_the_end };
		let unfinished = authorisation.beyond(taken(false), taken(is_owed));
		for (held, points) in unfinished.filter(|(_, points)| *points > 0) {
			let burn = Burn { points, value: 0, ..held.burn };
			let part = Part::new(burn, 0, captures.saturating_sub(1));
			receipt.parts.try_push(part).map_err(|_| ArithmeticError::Overflow)?;
		}
		let (merchant, payer) = (key.merchant, key.payer.clone());
		Self::end(key, &authorisation, receipt, is_owed)?;
		let value = price.ensure_sub(captured)?;
		Self::deposit_event(Event::AuthorisationVoided { merchant, payer, order, value });
		Ok(authorisation.burns.len() as u32)
	}

	/// Give back what was not captured, and store the receipt of what was; without that, the order is as if it had
	/// never been authorised. `is_owed` says that of a smallest unit of which a part was captured all is taken.
	fn end(
		key: ReceiptKey<T::AccountId>,
		authorisation: &Authorisation,
		mut receipt: Receipt,
		is_owed: bool,
	) -> DispatchResult {
		for IssuerEarmark { issuer, earmark, interchange } in &authorisation.earmarks {
			T::Clearing::release_earmark(*issuer, key.merchant, *earmark)?;
			T::Clearing::release_accrued(*issuer, *interchange)?;
		}
		let Authorisation { price, captured, deadline, .. } = *authorisation;
		let taken = |in_the_end| Taken { captured, in_the_end };
		let back = authorisation.left(taken(is_owed));
		for ((held, counted), (_, back)) in authorisation.left(taken(true)).zip(back) {
			Self::unauthorise(held, counted)?;
			Self::give_back(&key.payer, &held.burn, back)?;
		}
		T::Customers::restore_limit(&key.payer, price.ensure_sub(captured)?, receipt.window);

		Authorisations::<T>::remove(&key);
		AuthorisationDeadlines::<T>::remove(deadline.to_be_bytes(), &key);
		if captured == 0 {
			Receipts::<T>::remove(key);
			return Ok(());
		}
		let today = Self::today();
		(receipt.paid, receipt.closes, receipt.authorised) =
			(today.eras.current, Self::closing(&today), false);
		Self::list_closing(receipt.closes, &key);
		Receipts::<T>::insert(key, receipt);
		Ok(())
	}

	/// `points` of what was burned are taken for good, or about to come back.
	fn unauthorise(held: &AuthorisedBurn, points: Points) -> DispatchResult {
		if points == 0 {
			return Ok(());
		}
		let issuer = T::Points::issuer(program_of(held.burn.asset))?;
		T::Points::unauthorise(issuer, held.face_value_of(points))
	}

	/// Mint points of a burn back. Its vintage outlives the authorisation; where it does not, since a block
	/// came late, they come back at equal value in another, or have expired as all others.
	fn give_back(payer: &T::AccountId, burn: &Burn, points: Points) -> DispatchResult {
		if points == 0 {
			return Ok(());
		}
		if T::Points::open_vintage(burn.asset).is_some() {
			return T::Points::reinstate(payer, burn.asset, points, Funding::Funded);
		}
		match T::Points::refund_vintage(burn.asset) {
			None => Ok(()),
			Some(place) => {
				let value = math::share(burn.value, points, burn.points);
				T::Points::reinstate_value(payer, place, value, Funding::Funded).map(drop)
			},
		}
	}

	/// End authorisations whose time is over, those first that were over first, as far as `meter` allows.
	pub(crate) fn end_past_authorisations(meter: &mut WeightMeter) {
		let mut queue = PastAuthorisations::<T> { burns_left: MAX_ENDED_BURNS, runtime: PhantomData };
		due::serve(&mut queue, MAX_ENDED_PER_BLOCK, meter);
	}
}

/// Authorisations whose time is over.
struct PastAuthorisations<T> {
	/// How many more burns come back in this block.
	burns_left: u32,
	runtime: PhantomData<T>,
}

impl<T: Config> DueQueue for PastAuthorisations<T> {
	type Entry = ([u8; 8], ReceiptKey<T::AccountId>);
	/// The number of its burns.
	type Item = u32;

	/// Reads `AuthorisationDeadlines`, the clock and `Authorisations`.
	fn peek_weight(&self) -> Weight {
		T::DbWeight::get().reads(3)
	}

	/// One with more burns than are left waits for the next block.
	fn peek(&mut self) -> Option<Self::Entry> {
		let (deadline, key) = AuthorisationDeadlines::<T>::iter_keys().next()?;
		let is_due = Moment::from_be_bytes(deadline) <= T::DeadlineClock::now();
		let entry = is_due.then_some((deadline, key))?;
		(self.load(&entry).unwrap_or_default() <= self.burns_left).then_some(entry)
	}

	fn load_weight(&self) -> Weight {
		Weight::zero()
	}

	fn load(&self, (_, key): &Self::Entry) -> Option<Self::Item> {
		Authorisations::<T>::get(key).map(|authorisation| authorisation.burns.len() as u32)
	}

	fn weigh(&self, burns: &Self::Item) -> Weight {
		T::WeightInfo::void(*burns)
	}

	fn remove(&mut self, (deadline, key): &Self::Entry) {
		AuthorisationDeadlines::<T>::remove(deadline, key);
	}

	fn serve(
		&mut self,
		(_, key): &Self::Entry,
		burns: &mut Self::Item,
		_: &mut WeightMeter,
	) -> DispatchResult {
		self.burns_left = self.burns_left.saturating_sub(*burns);
		Pallet::<T>::do_void(None, key.clone()).map(drop)
	}

	/// It runs longer, and is tried again.
	fn failed(&mut self, (_, key): Self::Entry, _: Option<Self::Item>, _: DispatchError) {
		let again = T::DeadlineClock::now().saturating_add(RETRY);
		Authorisations::<T>::mutate_extant(&key, |authorisation| {
			authorisation.deadline = again;
			AuthorisationDeadlines::<T>::insert(again.to_be_bytes(), &key, ());
		});
		Pallet::<T>::report(PaymentInconsistency::Authorisation { receipt: key });
	}
}
