//! Load that does not wait for the server: requests come at their times, whether the ones before were answered or not.

use std::{
    cell::RefCell,
    collections::VecDeque,
    net::SocketAddr,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use tokio::{sync::Semaphore, task::LocalSet, time::MissedTickBehavior};

use super::{Client, Load, Measured};

/// How often requests come: so many at once as belong to the time since.
const TICK: Duration = Duration::from_millis(1);

/// What there is to send, and since when.
struct Due {
    queue: RefCell<VecDeque<(usize, Instant)>>,
    waiting: Semaphore,
}

/// Sends so many requests a second, over as many of the connections as it takes. How long an answer took is counted from when its
/// request was due, the time that it waited for a free connection included.
///
/// # Errors
/// When an answer is not one.
pub async fn paced(server: SocketAddr, requests: &Rc<Vec<Arc<[u8]>>>, load: Load, rate: f64) -> Result<Measured> {
    let due = Rc::new(Due { queue: RefCell::default(), waiting: Semaphore::new(0) });
    let latencies = Rc::new(RefCell::new(Vec::with_capacity(1 << 18)));
    let begun = Instant::now();
    let (start, stop) = (begun + load.warm_up, begun + load.warm_up + load.measured);
    let local = LocalSet::new();
    let clients: Vec<_> = (0..load.connections)
        .map(|_| {
            let (requests, due, latencies) = (requests.clone(), due.clone(), latencies.clone());
            local.spawn_local(async move {
                let mut client = Client::connect(server).await?;
                // It is closed once there is nothing more to send.
                while let Ok(permit) = due.waiting.acquire().await {
                    permit.forget();
                    let Some((at, since)) = due.queue.borrow_mut().pop_front() else { continue };
                    client.send(&requests[at % requests.len()]).await?;
                    let came = Instant::now();
                    if since >= start && since < stop {
                        let micros = u32::try_from((came - since).as_micros()).unwrap_or(u32::MAX);
                        latencies.borrow_mut().push(micros);
                    }
                }
                anyhow::Ok(())
            })
        })
        .collect();
    let pacing = local.run_until(async {
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut sent = 0;
        loop {
            tick.tick().await;
            let now = Instant::now();
            if now >= stop {
                break;
            }
            let wanted = count((now - begun).as_secs_f64() * rate);
            let more = wanted.saturating_sub(sent);
            due.queue.borrow_mut().extend((sent..wanted).map(|at| (at, now)));
            due.waiting.add_permits(more);
            sent = wanted;
        }
        // What is due is still answered.
        while !due.queue.borrow().is_empty() {
            tick.tick().await;
        }
        due.waiting.close();
    });
    tokio::time::timeout(load.warm_up + load.measured * 4, pacing).await.context("the server does not keep up")?;
    local.await;
    for client in clients {
        let result: Result<()> = client.await.context("a connection of the load generator broke")?;
        result?;
    }
    let mut latencies = latencies.take();
    latencies.sort_unstable();
    Ok(Measured { answers: latencies.len(), seconds: load.measured.as_secs_f64(), latencies })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of requests, which is far below 2⁵³"
)]
const fn count(requests: f64) -> usize {
    requests as usize
}
