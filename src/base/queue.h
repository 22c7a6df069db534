/* The queue between the loop thread and a database thread: many producers, one
 * or more consumers, first in first out. The only place with a mutex. Items are
 * borrowed pointers; who owns an item is agreed between the two ends. */
#ifndef BASE_QUEUE_H
#define BASE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

struct queue;

struct queue *queue_create(void);

/* The queue must be empty and no thread may wait in it. NULL is accepted. */
void queue_destroy(struct queue *queue);

/* Appends; false (and nothing taken) once the queue was closed. */
bool queue_push(struct queue *queue, void *item);

/* Waits for an item; NULL when the queue is closed and empty. */
void *queue_pop(struct queue *queue);

/* As queue_pop but never waits; NULL when there is nothing now. */
void *queue_try_pop(struct queue *queue);

/* No more pushes; consumers drain what is there and then get NULL. */
void queue_close(struct queue *queue);

#endif
