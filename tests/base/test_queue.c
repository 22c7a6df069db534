#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/queue.h"

static int items[1000];

static void items_come_out_in_the_order_they_went_in(void **state) {
  (void)state;
  struct queue *queue = queue_create();

  for (int i = 0; i < 1000; i++)
    assert_true(queue_push(queue, &items[i]));

  for (int i = 0; i < 1000; i++)
    assert_ptr_equal(queue_pop(queue), &items[i]);
  queue_destroy(queue);
}

static void order_survives_growing_in_the_middle_of_the_ring(void **state) {
  (void)state;
  struct queue *queue = queue_create();
  int pushed = 0, popped = 0;

  while (pushed < 999) { /* two in, one out: the ring wraps and grows at once */
    queue_push(queue, &items[pushed++]);
    if (pushed < 999)
      queue_push(queue, &items[pushed++]);
    assert_ptr_equal(queue_try_pop(queue), &items[popped++]);
  }

  while (popped < pushed)
    assert_ptr_equal(queue_try_pop(queue), &items[popped++]);
  assert_null(queue_try_pop(queue));
  queue_destroy(queue);
}

static void a_closed_queue_drains_and_takes_nothing_more(void **state) {
  (void)state;
  struct queue *queue = queue_create();
  queue_push(queue, &items[0]);

  queue_close(queue);

  assert_false(queue_push(queue, &items[1]));
  assert_ptr_equal(queue_pop(queue), &items[0]);
  assert_null(queue_pop(queue));
  assert_null(queue_try_pop(queue));
  queue_destroy(queue);
}

enum { PRODUCERS = 4, CONSUMERS = 3, ITEMS_EACH = 20000 };

static int numbers[PRODUCERS][ITEMS_EACH];

struct producer {
  struct queue *queue;
  int index;
};

struct consumer {
  struct queue *queue;
  long count;
  long sum;
};

static void *produce(void *arg) {
  const struct producer *producer = arg;
  for (int i = 0; i < ITEMS_EACH; i++) {
    numbers[producer->index][i] = i;
    queue_push(producer->queue, &numbers[producer->index][i]);
  }
  return NULL;
}

static void *consume(void *arg) {
  struct consumer *consumer = arg;
  const int *item;
  while ((item = queue_pop(consumer->queue)) != NULL) {
    consumer->count++;
    consumer->sum += *item;
  }
  return NULL;
}

static void many_threads_lose_and_double_nothing(void **state) {
  (void)state;
  struct queue *queue = queue_create();
  pthread_t producing[PRODUCERS], consuming[CONSUMERS];
  struct producer producers[PRODUCERS];
  struct consumer consumers[CONSUMERS];

  for (int i = 0; i < CONSUMERS; i++) {
    consumers[i] = (struct consumer){.queue = queue};
    assert_int_equal(pthread_create(&consuming[i], NULL, consume, &consumers[i]), 0);
  }
  for (int i = 0; i < PRODUCERS; i++) {
    producers[i] = (struct producer){.queue = queue, .index = i};
    assert_int_equal(pthread_create(&producing[i], NULL, produce, &producers[i]), 0);
  }
  for (int i = 0; i < PRODUCERS; i++)
    pthread_join(producing[i], NULL);
  queue_close(queue);
  long count = 0, sum = 0;
  for (int i = 0; i < CONSUMERS; i++) {
    pthread_join(consuming[i], NULL);
    count += consumers[i].count;
    sum += consumers[i].sum;
  }

  assert_int_equal(count, PRODUCERS * ITEMS_EACH);
  assert_int_equal(sum, (long)PRODUCERS * ITEMS_EACH * (ITEMS_EACH - 1) / 2);
  queue_destroy(queue);
}

static void *pop_one(void *arg) {
  return queue_pop(arg);
}

static void closing_wakes_a_waiting_consumer(void **state) {
  (void)state;
  struct queue *queue = queue_create();
  pthread_t thread;
  void *result = &items[0];
  assert_int_equal(pthread_create(&thread, NULL, pop_one, queue), 0);

  queue_close(queue);

  pthread_join(thread, &result);
  assert_null(result);
  queue_destroy(queue);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(items_come_out_in_the_order_they_went_in),
      cmocka_unit_test(order_survives_growing_in_the_middle_of_the_ring),
      cmocka_unit_test(a_closed_queue_drains_and_takes_nothing_more),
      cmocka_unit_test(many_threads_lose_and_double_nothing),
      cmocka_unit_test(closing_wakes_a_waiting_consumer),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
