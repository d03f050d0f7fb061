//! Payments in two steps: a customer authorises; the merchant captures, in parts if it wants; the rest comes back.

use crate::{math, pallet::*, pay::Owed, types::*, weights::WeightInfo};
use alloc::vec::Vec;
use frame_support::{defensive, ensure, storage::with_storage_layer, traits::Get, weights::WeightMeter};
use hanse_primitives::{
	program_of, Balance, Burn, Clearing, Clock, Customers, Eras, InstitutionId, Moment, Order, PointsLedger,
	MAX_BURNS, MAX_CAPTURES,
};
use sp_core::H256;
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

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
		price: Balance,
		legs: &[Leg],
	) -> Result<u32, DispatchError> {
		let (key, window) = Self::ensure_payable(&payer, merchant, order, price)?;
		let lasting = T::AuthorisationTime::get();
		let drawn = Self::draw(&payer, merchant, price, legs, lasting)?;
		let interchange = T::Interchange::get();
		let parts = Self::slice(merchant, drawn.iter(), (0, price), interchange, 0, true)?;
		let mut kept = Vec::new();
		for owed in Self::owed(merchant, &parts)? {
			let earmark = T::Clearing::earmark(owed.issuer, merchant, owed.net)?;
			T::Clearing::accrue(owed.issuer, owed.interchange)?;
			kept.push(Kept { issuer: owed.issuer, earmark, interchange: owed.interchange });
		}
		let mut burns = Vec::with_capacity(drawn.len());
		for burn in drawn {
			let face_value = T::Points::authorise(burn.asset, burn.points)?;
			burns.push(Held { burn, face_value });
		}
		let count = burns.len() as u32;

		let deadline = T::Clock::now().saturating_add(lasting);
		let kept = kept.try_into().map_err(|_| ArithmeticError::Overflow)?;
		let burns = burns.try_into().map_err(|_| ArithmeticError::Overflow)?;
		let (captured, captures) = (0, 0);
		let authorisation = Authorisation { price, captured, captures, deadline, interchange, burns, kept };
		Authorisations::<T>::insert(&key, authorisation);
		Deadlines::<T>::insert(deadline.to_be_bytes(), &key, ());
		// Its receipt, which grows. What is captured can be refunded as long as more may be captured.
		let receipt = Receipt {
			price: 0,
			refunded: 0,
			era: order.era,
			paid: T::Eras::current(),
			closes: Self::closing().saturating_add(lasting),
			window,
			kept: false,
			authorised: true,
			parts: Default::default(),
		};
		Receipts::<T>::insert(key, receipt);
		let deadline = T::Clock::wall(deadline);
		Self::deposit_event(Event::Authorised { merchant, payer, order, price, deadline });
		Ok(count)
	}

	/// Take `value` more; if this is the `last` time, or all, the rest goes back. Returns the number of burns.
	pub(crate) fn do_capture(
		merchant: InstitutionId,
		payer: T::AccountId,
		order: Order,
		value: Balance,
		last: bool,
	) -> Result<u32, DispatchError> {
		ensure!(value > 0, Error::<T>::ZeroAmount);
		let key = key_of(merchant, payer.clone(), order);
		let mut authorisation = Authorisations::<T>::get(&key).ok_or(Error::<T>::NotFound)?;
		ensure!(T::Clock::now() < authorisation.deadline, Error::<T>::AuthorisationOver);
		let Authorisation { price, captured, captures, interchange, .. } = authorisation;
		let after = captured.checked_add(value).ok_or(Error::<T>::CaptureTooLarge)?;
		ensure!(after <= price, Error::<T>::CaptureTooLarge);
		let is_last = last || after == price;
		ensure!(is_last || captures.saturating_add(1) < MAX_CAPTURES, Error::<T>::MaxCapturesExceeded);
		let mut receipt = Receipts::<T>::get(&key).ok_or(Error::<T>::NotFound)?;
		let order = receipt.order(key.2);

		let burns = authorisation.burns.iter().map(|held| &held.burn);
		let parts = Self::slice(merchant, burns, (captured, after), interchange, captures, is_last)?;
		let before = authorisation.taken(captured, true);
		for ((held, taken), (_, before)) in authorisation.taken(after, true).zip(before) {
			Self::unauthorise(held, taken.saturating_sub(before))?;
		}
		for Owed { issuer, net, interchange } in Self::owed(merchant, &parts)? {
			let kept = authorisation.kept.iter_mut().find(|kept| kept.issuer == issuer);
			let earmark = kept.map(|kept| kept.take(net, interchange)).ok_or(Error::<T>::NotFound)?;
			T::Clearing::release_earmark(issuer, merchant, earmark)?;
			T::Clearing::owe(issuer, merchant, net)?;
			// What was accrued for it stays accrued: it is the receipt's now.
		}
		let count = authorisation.burns.len() as u32;
		authorisation.captured = after;
		authorisation.captures = captures.saturating_add(1);
		receipt.price = after;
		for part in parts {
			receipt.parts.try_push(part).map_err(|_| ArithmeticError::Overflow)?;
		}
		let left = if is_last { 0 } else { price.saturating_sub(after) };
		if is_last {
			Self::end(key, &authorisation, receipt, true)?;
		} else {
			Authorisations::<T>::insert(&key, authorisation);
			Receipts::<T>::insert(key, receipt);
		}
		Self::deposit_event(Event::Captured { merchant, payer, order, value, left });
		Ok(count)
	}

	/// End an authorisation: `by` the merchant at any time, by anybody when its time is over. Returns the
	/// number of burns.
	pub(crate) fn do_void(
		by: Option<InstitutionId>,
		merchant: InstitutionId,
		payer: T::AccountId,
		commitment: H256,
	) -> Result<u32, DispatchError> {
		let key = (merchant, payer.clone(), commitment);
		let authorisation = Authorisations::<T>::get(&key).ok_or(Error::<T>::NotFound)?;
		let is_over = T::Clock::now() >= authorisation.deadline;
		ensure!(is_over || by == Some(merchant), Error::<T>::AuthorisationRuns);
		let mut receipt = Receipts::<T>::get(&key).ok_or(Error::<T>::NotFound)?;
		let order = receipt.order(commitment);
		// Of what was captured, and not all refunded, the smallest unit that is still to be taken.
		let is_owed = receipt.left() > 0;
		if is_owed {
			let Authorisation { captured, captures, .. } = authorisation;
			let before = authorisation.taken(captured, false);
			for ((held, taken), (_, before)) in authorisation.taken(captured, true).zip(before) {
				let points = taken.saturating_sub(before);
				if points > 0 {
					let part = Part {
						burn: Burn { points, value: 0, ..held.burn },
						interchange: 0,
						returned: 0,
						released: 0,
						carried: 0,
						capture: captures.saturating_sub(1),
					};
					receipt.parts.try_push(part).map_err(|_| ArithmeticError::Overflow)?;
				}
			}
		}
		Self::end(key, &authorisation, receipt, is_owed)?;
		let value = authorisation.price.saturating_sub(authorisation.captured);
		Self::deposit_event(Event::Voided { merchant, payer, order, value });
		Ok(authorisation.burns.len() as u32)
	}

	/// Give back what was not captured, and store the receipt of what was; without that, the order is as if it had
	/// never been authorised. `is_owed` says that of a smallest unit of which a part was captured all is taken.
	fn end(
		key: Key<T::AccountId>,
		authorisation: &Authorisation,
		mut receipt: Receipt,
		is_owed: bool,
	) -> DispatchResult {
		let (merchant, payer, _) = &key;
		for Kept { issuer, earmark, interchange } in &authorisation.kept {
			T::Clearing::release_earmark(*issuer, *merchant, *earmark)?;
			T::Clearing::release_accrued(*issuer, *interchange)?;
		}
		let Authorisation { price, captured, deadline, .. } = *authorisation;
		let taken = authorisation.taken(captured, is_owed);
		for ((held, counted), (_, taken)) in authorisation.taken(captured, true).zip(taken) {
			let left = |taken| held.burn.points.saturating_sub(taken);
			Self::unauthorise(held, left(counted))?;
			Self::give_back(payer, &held.burn, left(taken))?;
		}
		T::Customers::give_back(payer, price.saturating_sub(captured), receipt.window);

		Authorisations::<T>::remove(&key);
		Deadlines::<T>::remove(deadline.to_be_bytes(), &key);
		if captured == 0 {
			Receipts::<T>::remove(key);
			return Ok(());
		}
		(receipt.paid, receipt.closes, receipt.authorised) = (T::Eras::current(), Self::closing(), false);
		Closings::<T>::insert(receipt.closes.to_be_bytes(), &key, ());
		Receipts::<T>::insert(key, receipt);
		Ok(())
	}

	/// End authorisations whose time is over, those first that were over first, as far as `meter` allows.
	pub(crate) fn end_past_authorisations(meter: &mut WeightMeter) {
		let mut ended: u32 = 0;
		for _ in 0..MAX_ENDED_PER_BLOCK {
			if meter.try_consume(T::DbWeight::get().reads(2)).is_err() {
				return;
			}
			let Some((deadline, key)) = Deadlines::<T>::iter_keys().next() else { return };
			if Moment::from_be_bytes(deadline) > T::Clock::now() {
				return;
			}
			let burns = Authorisations::<T>::get(&key).map_or(0, |a| a.burns.len() as u32);
			ended = ended.saturating_add(burns);
			if ended > MAX_ENDED_BURNS || meter.try_consume(T::WeightInfo::void(burns)).is_err() {
				return;
			}
			// Off the list even if it cannot be ended: one must not stop all others.
			Deadlines::<T>::remove(deadline, &key);
			let (merchant, payer, commitment) = key;
			if with_storage_layer(|| Self::do_void(None, merchant, payer, commitment)).is_err() {
				defensive!("an authorisation that is over could not be ended");
			}
		}
	}

	/// `points` of what was burned are taken for good, or about to come back.
	fn unauthorise(held: &Held, points: Balance) -> DispatchResult {
		if points == 0 {
			return Ok(());
		}
		let issuer = T::Points::issuer(program_of(held.burn.asset))?;
		T::Points::unauthorise(issuer, held.face_value_of(points))
	}

	/// Mint points of a burn back. Its vintage outlives the authorisation; where it does not, since a block
	/// came late, they come back at equal value in another, or have expired as all others.
	fn give_back(payer: &T::AccountId, burn: &Burn, points: Balance) -> DispatchResult {
		if points == 0 {
			return Ok(());
		}
		if T::Points::open_vintage(burn.asset).is_some() {
			return T::Points::reinstate(payer, burn.asset, points);
		}
		match T::Points::returns_to(burn.asset) {
			None => Ok(()),
			Some(place) => {
				let value = math::share(burn.value, points, burn.points);
				T::Points::reinstate_value(payer, place, value).map(drop)
			},
		}
	}
}
