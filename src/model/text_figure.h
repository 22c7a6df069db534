/* Figures as a person of a language writes them: "12.5 °C", in German "12,5 °C". Here is the
 * one place that knows of decimal commas, of thousands and of how long a span of time is
 * told; its words are in texts/. Pure but for the machine's time zone. `language` NULL: English. */
#ifndef MODEL_TEXT_FIGURE_H
#define MODEL_TEXT_FIGURE_H

#include <stddef.h>
#include <stdint.h>

#include "model/metric.h"

enum { TEXT_FIGURE_SIZE = 48 };

/* With so many digits behind the point; the thousands apart from 10,000 on. "?" when unknown. */
void text_figure_number(char text[TEXT_FIGURE_SIZE], const char *language, double value,
                        int decimals);

/* With as many digits as it needs, six at most: 65, 4.75. */
void text_figure_short(char text[TEXT_FIGURE_SIZE], const char *language, double value);

/* 4290000000 is "4.29 G", with a unit "4.29 GH/s"; below a thousand a whole number. */
void text_figure_scaled(char text[TEXT_FIGURE_SIZE], const char *language, double value,
                        const char *unit);

/* "1.07 TH/s", "480 GH/s" */
void text_figure_hashrate(char text[TEXT_FIGURE_SIZE], const char *language, double ghs);

/* A figure of a miner with its unit, and one digit behind the point where that says something:
 * "58.1 °C", "5400 rpm". */
void text_figure_metric(char text[TEXT_FIGURE_SIZE], const char *language, enum metric metric,
                        double value);

/* The unit in the language: "rpm" is "U/min" in German. Borrowed. */
const char *text_figure_unit(const char *language, const char *unit);

/* "42 seconds", "12 minutes", "3 h 05 min", "4 days" */
void text_figure_span(char text[TEXT_FIGURE_SIZE], const char *language, int64_t ms);

/* "22 November", of the local clock; "" for a time that the clock does not know. */
void text_figure_date(char text[TEXT_FIGURE_SIZE], const char *language, int64_t wall_ms);

#endif
