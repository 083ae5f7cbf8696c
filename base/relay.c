/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whose turn it is between two threads that work at the same things one after the other.
 */
#include "base/relay.h"

void ixs_relay_begin(struct ixs_relay *relay, size_t room)
{
    *relay = (struct ixs_relay){.room = room};
    pthread_mutex_init(&relay->lock, NULL);
    pthread_cond_init(&relay->changed, NULL);
}

void ixs_relay_end(struct ixs_relay *relay)
{
    pthread_cond_destroy(&relay->changed);
    pthread_mutex_destroy(&relay->lock);
}

bool ixs_relay_wait_free(struct ixs_relay *relay, size_t *place)
{
    pthread_mutex_lock(&relay->lock);
    while (relay->made - relay->taken == relay->room && !relay->stopped)
        pthread_cond_wait(&relay->changed, &relay->lock);
    bool wanted = !relay->stopped;
    *place = relay->made % relay->room;
    pthread_mutex_unlock(&relay->lock);
    return wanted;
}

bool ixs_relay_wait_made(struct ixs_relay *relay, size_t *place)
{
    pthread_mutex_lock(&relay->lock);
    while (relay->made == relay->taken && !relay->stopped)
        pthread_cond_wait(&relay->changed, &relay->lock);
    bool more = relay->made != relay->taken;
    *place = relay->taken % relay->room;
    pthread_mutex_unlock(&relay->lock);
    return more;
}

void ixs_relay_hand_over(struct ixs_relay *relay)
{
    pthread_mutex_lock(&relay->lock);
    relay->made++;
    pthread_cond_signal(&relay->changed);
    pthread_mutex_unlock(&relay->lock);
}

void ixs_relay_give_back(struct ixs_relay *relay)
{
    pthread_mutex_lock(&relay->lock);
    relay->taken++;
    pthread_cond_signal(&relay->changed);
    pthread_mutex_unlock(&relay->lock);
}

void ixs_relay_stop(struct ixs_relay *relay)
{
    pthread_mutex_lock(&relay->lock);
    relay->stopped = true;
    pthread_cond_signal(&relay->changed);
    pthread_mutex_unlock(&relay->lock);
}
