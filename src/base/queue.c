#include "base/queue.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"

enum { FIRST_CAPACITY = 64 };

/* A ring that doubles when it is full. A list of nodes would cost an allocation
 * per push; a ring of fixed size would have to block the loop thread. */
struct queue {
  pthread_mutex_t mutex;
  pthread_cond_t not_empty;
  void **items;
  size_t capacity; /* a power of two, so that a mask does for the remainder */
  size_t first;
  size_t length;
  bool closed;
};

struct queue *queue_create(void) {
  struct queue *queue = mem_alloc(sizeof *queue);
  pthread_mutex_init(&queue->mutex, NULL);
  pthread_cond_init(&queue->not_empty, NULL);
  queue->capacity = FIRST_CAPACITY;
  queue->items = mem_resize(NULL, queue->capacity, sizeof *queue->items);
  return queue;
}

void queue_destroy(struct queue *queue) {
  if (queue == NULL)
    return;
  assert(queue->length == 0);
  pthread_cond_destroy(&queue->not_empty);
  pthread_mutex_destroy(&queue->mutex);
  free(queue->items);
  free(queue);
}

static void grow(struct queue *queue) {
  void **items = mem_resize(NULL, queue->capacity * 2, sizeof *items);
  for (size_t i = 0; i < queue->length; i++)
    items[i] = queue->items[(queue->first + i) & (queue->capacity - 1)];
  free(queue->items);
  queue->items = items;
  queue->capacity *= 2;
  queue->first = 0;
}

bool queue_push(struct queue *queue, void *item) {
  assert(item != NULL);
  pthread_mutex_lock(&queue->mutex);
  bool taken = !queue->closed;
  if (taken) {
    if (queue->length == queue->capacity)
      grow(queue);
    queue->items[(queue->first + queue->length) & (queue->capacity - 1)] = item;
    queue->length++;
    pthread_cond_signal(&queue->not_empty);
  }
  pthread_mutex_unlock(&queue->mutex);
  return taken;
}

/* The oldest item, NULL when there is none. The mutex is held. */
static void *take_first(struct queue *queue) {
  if (queue->length == 0)
    return NULL;
  void *item = queue->items[queue->first];
  queue->first = (queue->first + 1) & (queue->capacity - 1);
  queue->length--;
  return item;
}

void *queue_pop(struct queue *queue) {
  pthread_mutex_lock(&queue->mutex);
  while (queue->length == 0 && !queue->closed)
    pthread_cond_wait(&queue->not_empty, &queue->mutex);
  void *item = take_first(queue);
  pthread_mutex_unlock(&queue->mutex);
  return item;
}

void *queue_try_pop(struct queue *queue) {
  pthread_mutex_lock(&queue->mutex);
  void *item = take_first(queue);
  pthread_mutex_unlock(&queue->mutex);
  return item;
}

void queue_close(struct queue *queue) {
  pthread_mutex_lock(&queue->mutex);
  queue->closed = true;
  pthread_cond_broadcast(&queue->not_empty);
  pthread_mutex_unlock(&queue->mutex);
}
