//! Who attacks, and what attackers do.

use super::*;

/// What attackers do, by puppets and members by number.
#[derive(Clone, Debug)]
pub(super) enum Evil {
	Register(u32, usize, u64),
	Dismiss(u32, usize),
	Forget(u32),
	Forge(u32, usize),
	Mint(u32, usize, Balance),
	Pay(u32, InstitutionId, ProgramId, Balance),
	/// Many payments that name an era not begun.
	Burst(u32, InstitutionId),
	/// Many gifts of next to nothing, at the cost of an honest issuer.
	Spray(u32),
	Authorize(u32, InstitutionId, Balance),
	Capture(usize, Balance, bool),
	Refund(usize, Balance),
	Exchange(u32, ProgramId, ProgramId, Balance),
	Gift(u32, usize, Balance),
	Complain(usize),
	/// As a complaint that nobody answers ends.
	PayBack(usize),
	Line(usize, InstitutionId, Balance),
	Move(usize, u64),
	Reserve(usize, bool, Balance),
	Leave(usize),
	Apply(u8, bool),
	Dust(usize),
	Junk(u8),
}

pub(super) fn evil() -> impl Strategy<Value = Evil> {
	let (puppet, place, who) = (|| 0..PUPPETS, || 0..2usize, || 0..2usize);
	let shop = || prop_oneof![1..=2u32, 6..=7u32];
	let program = || 1..=4u16;
	let value = || prop_oneof![2 => 1..3_000u128, 1 => 1..200_000u128];
	prop_oneof![
		6 => (puppet(), place(), 1..5u64).prop_map(|(n, place, tag)| Evil::Register(n, place, tag)),
		2 => (puppet(), place()).prop_map(|(n, place)| Evil::Dismiss(n, place)),
		1 => puppet().prop_map(Evil::Forget),
		2 => (puppet(), who()).prop_map(|(n, who)| Evil::Forge(n, who)),
		2 => (puppet(), place(), value()).prop_map(|(n, place, value)| Evil::Mint(n, place, value)),
		8 => (puppet(), shop(), program(), value())
			.prop_map(|(n, shop, program, value)| Evil::Pay(n, shop, program, value * CENT)),
		2 => (puppet(), shop()).prop_map(|(n, shop)| Evil::Burst(n, shop)),
		3 => puppet().prop_map(Evil::Spray),
		2 => (puppet(), shop(), value()).prop_map(|(n, shop, value)| Evil::Authorize(n, shop, value * CENT)),
		2 => (0..3usize, value(), any::<bool>())
			.prop_map(|(nth, value, last)| Evil::Capture(nth, value * CENT, last)),
		4 => (0..3usize, value()).prop_map(|(nth, value)| Evil::Refund(nth, value * CENT)),
		4 => (puppet(), program(), program(), value())
			.prop_map(|(n, from, to, amount)| Evil::Exchange(n, from, to, amount)),
		2 => (puppet(), who(), value()).prop_map(|(n, who, amount)| Evil::Gift(n, who, amount)),
		1 => (0..3usize).prop_map(Evil::Complain),
		3 => (0..3usize).prop_map(Evil::PayBack),
		2 => (place(), shop(), value()).prop_map(|(place, to, limit)| Evil::Line(place, to, limit * CENT)),
		2 => (place(), 0..8u64).prop_map(|(place, n)| Evil::Move(place, n)),
		2 => (place(), any::<bool>(), value())
			.prop_map(|(place, up, value)| Evil::Reserve(place, up, value * CENT)),
		1 => place().prop_map(Evil::Leave),
		2 => (0..3u8, any::<bool>()).prop_map(|(n, stay)| Evil::Apply(n, stay)),
		1 => who().prop_map(Evil::Dust),
		2 => (0..4u8).prop_map(Evil::Junk),
	]
}

/// Who attacks.
#[derive(Clone, Copy)]
pub(super) enum Attacker {
	/// One member with puppets.
	Rogue,
	/// Two of them.
	Accomplices,
	/// Somebody with money, and nobody else.
	Stranger,
}

impl World<'_> {
	/// The attackers' next act.
	pub(super) fn attack(&mut self, evil: &Evil) {
		let lacked = EVIL.map(lacking);
		let done = self.attack_outcome(evil) == Some(Ok(Ok(())));
		// Nothing but spending takes from what holders of a rogue's points count on.
		let is_spending = matches!(evil, Evil::Pay(..) | Evil::Exchange(..) | Evil::Authorize(..));
		for (id, lacked) in EVIL.into_iter().zip(lacked) {
			assert!(is_spending || lacking(id) <= lacked, "{evil:?} took what holders of {id} count on");
		}
		if done {
			self.count("evil ", evil);
		}
	}

	/// The member in whose name an attacker acts; a stranger has none.
	fn place(&self, place: usize) -> Option<(InstitutionId, ProgramId)> {
		match self.attacker {
			Attacker::Stranger => None,
			Attacker::Rogue => Some(PROGRAMS[2]),
			Attacker::Accomplices => Some(PROGRAMS[2 + place]),
		}
	}

	/// One of the last payments that the attackers made at their own members.
	fn paid_at_a_rogue(&self, nth: usize) -> Option<(InstitutionId, usize, Order, Balance)> {
		let paid: Vec<_> = self.rogue.paid.iter().filter(|paid| EVIL.contains(&paid.0)).copied().collect();
		nth_last(&paid, nth % paid.len().max(1))
	}

	fn attack_outcome(&mut self, evil: &Evil) -> Option<Outcome> {
		Some(match *evil {
			Evil::Register(n, place, tag) => {
				let (institution, _) = self.place(place)?;
				command(institution, self.puppets[n as usize].consents(institution, tag))
			},
			Evil::Dismiss(n, place) => {
				let (institution, _) = self.place(place)?;
				command(institution, Customer::unregister { account: self.puppet(n) })
			},
			Evil::Forget(n) => transact(&self.puppets[n as usize], Customer::forget {}),
			Evil::Forge(n, who) => {
				let (institution, _) = self.place(0)?;
				let (puppet, victim) = (&self.puppets[n as usize], self.person(who));
				let _ = command(institution, puppet.consents_for(victim.clone(), institution, 1));
				let until = Timestamp::get() + 60_000;
				let acceptance = Customers::acceptance(institution, puppet.account(), victim.clone(), until);
				let signature = puppet.signs_bytes(&acceptance);
				let (old, vintages) = (puppet.account(), Default::default());
				let call = Customer::open_recovery { old, new: victim, vintages, until, signature };
				command(institution, call)
			},
			Evil::Mint(n, place, amount) => {
				let (institution, program) = self.place(place)?;
				let order = self.rogue.order();
				command(institution, Point::issue { program, to: self.puppet(n), amount, order })
			},
			Evil::Pay(n, merchant, program, price) => {
				self.place(0)?;
				// Half of the time of its own.
				let program = if program > READ { PROGRAMS[2 + n as usize % 2].1 } else { program };
				let (order, legs) = (self.rogue.order(), legs_of(&[(program, Balance::MAX)]));
				let outcome =
					transact(&self.puppets[n as usize], Exchange::pay { merchant, order, price, legs });
				if outcome == Ok(Ok(())) {
					self.rogue.paid.push((merchant, n as usize, order, price));
				}
				outcome
			},
			Evil::Burst(n, merchant) => {
				let (_, program) = self.place(0)?;
				let outcomes = (0..5).map(|_| {
					let mut order = self.rogue.order();
					order.era += 1;
					let legs = legs_of(&[(program, Balance::MAX)]);
					transact(&self.puppets[n as usize], Exchange::pay { merchant, order, price: CENT, legs })
				});
				let taken = outcomes.filter(Result::is_ok).count();
				return (taken > 0).then_some(Ok(Ok(())));
			},
			Evil::Spray(n) => {
				let call = || gift(SKY, &stranger(n), 1);
				let outcomes: Vec<_> = (0..10).map(|_| transact(&self.puppets[n as usize], call())).collect();
				return outcomes.contains(&Ok(Ok(()))).then_some(Ok(Ok(())));
			},
			Evil::Authorize(n, merchant, price) => {
				self.place(0)?;
				let program = PROGRAMS[2 + n as usize % 2].1;
				let (order, legs) = (self.rogue.order(), legs_of(&[(program, Balance::MAX)]));
				let call = Exchange::authorize { merchant, order, price, legs };
				let outcome = transact(&self.puppets[n as usize], call);
				if outcome == Ok(Ok(())) {
					self.rogue.authorised.push((merchant, n as usize, order, price));
				}
				outcome
			},
			Evil::Capture(nth, value, last) => {
				let (merchant, n, order, price) = nth_last(&self.rogue.authorised, nth)?;
				EVIL.contains(&merchant).then_some(())?;
				command(merchant, capture(&self.puppet(n as u32), order, value.min(price), last))
			},
			Evil::Refund(nth, value) => {
				let (merchant, n, order, price) = self.paid_at_a_rogue(nth)?;
				command(merchant, refund(&self.puppet(n as u32), order, value.min(price)))
			},
			Evil::Exchange(n, from, to, amount) => {
				self.place(0)?;
				transact(&self.puppets[n as usize], exchange(from, amount, to))
			},
			Evil::Gift(n, who, amount) => {
				let (_, program) = self.place(0)?;
				let call = gift(program, &self.person(who), amount);
				transact(&self.puppets[n as usize], call)
			},
			Evil::Complain(nth) => {
				let (merchant, n, order, _) = self.paid_at_a_rogue(nth)?;
				let (payer, evidence) = (self.puppet(n as u32), H256::repeat_byte(2));
				transact(
					&self.puppets[n],
					pallet_conduct::Call::file_complaint { merchant, payer, order, evidence },
				)
			},
			Evil::PayBack(nth) => {
				let (merchant, n, order, _) = self.paid_at_a_rogue(nth)?;
				let payer = self.puppet(n as u32);
				let paid = <hanse_runtime::Exchange as Chargebacks<_>>::charge_back(merchant, &payer, order);
				Ok(paid.map(drop))
			},
			Evil::Line(place, debtor, limit) => {
				let (institution, _) = self.place(place)?;
				command(institution, Clear::grant_credit_line { debtor, limit })
			},
			Evil::Move(place, n) => {
				let (institution, _) = self.place(place)?;
				let call = motion(200 + n);
				Ok(with_storage_layer(|| propose(institution, needed(&call), &call)))
			},
			Evil::Reserve(place, up, amount) => {
				let (institution, _) = self.place(place)?;
				if up {
					command(institution, Clear::top_up { amount })
				} else {
					let amount = Clearing::reserve(institution).saturating_sub(amount);
					command(institution, Clear::draw_down { amount })
				}
			},
			Evil::Leave(place) => command(self.place(place)?.0, Institution::leave {}),
			Evil::Apply(n, stay) => {
				let outcome = transact(
					&self.rich[n as usize],
					Institution::apply { profile: profile(&format!("Applicant {n}")) },
				);
				if !stay {
					let _ = transact(&self.rich[n as usize], Institution::withdraw_application {});
				}
				outcome
			},
			Evil::Dust(who) => {
				let dest = MultiAddress::Id(self.puppet(who as u32));
				transact(&self.rich[3], pallet_balances::Call::transfer_keep_alive { dest, value: UNIT })
			},
			Evil::Junk(n) => match n {
				0 => transact(&self.rich[4], frame_system::Call::remark { remark: vec![0; 1_000] }),
				1 => transact(&self.rich[4], Point::mature { limit: 10 }),
				2 => transact(&self.rich[4], Customer::complete_recovery { old: self.person(0) }),
				_ => transact(
					&self.rich[4],
					pallet_collective::Call::vote { proposal: H256::zero(), index: 0, approve: true },
				),
			},
		})
	}
}
